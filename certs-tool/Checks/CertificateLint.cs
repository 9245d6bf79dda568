using CertsTool.Certificates;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>
/// What is odd about a certificate: "rule: words". Rules that zlint has go by zlint's names; the others (dates, chain, what a
/// private CA's certificates for Docker need) by names without its prefix.
/// </summary>
internal static class CertificateLint
{
    private static readonly TimeSpan LongestServer = TimeSpan.FromDays(397) + CertificateAuthority.Backdate;

    /// <param name="authorities">The CAs that are trusted; empty where there are none to check the chain by.</param>
    public static IReadOnlyList<string> Check(X509Certificate certificate, IReadOnlyList<X509Certificate> authorities, DateTimeOffset now)
    {
        try
        {
            var isAuthority = CertificateFacts.IsAuthority(certificate);
            return
            [
                .. Form(certificate),
                .. Dates(certificate, now),
                .. KeyLint.Check(certificate),
                .. isAuthority ? Authority(certificate) : Leaf(certificate),
                .. authorities.Count == 0 ? [] : Chain(certificate, isAuthority, authorities),
            ];
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            return [$"unreadable: a part of the certificate cannot be read: {PemFile.Words(e)}"];
        }
    }

    private static IEnumerable<string> Form(X509Certificate certificate)
    {
        var serial = certificate.SerialNumber;
        if (serial.SignValue <= 0)
        {
            yield return "e_serial_number_not_positive: the serial is zero or negative";
        }

        if (serial.ToByteArray().Length > 20)
        {
            yield return "e_serial_number_longer_than_20_octets: the serial has more than 20 octets";
        }

        if (certificate.Version != 3)
        {
            yield return "e_invalid_certificate_version: it is not version 3";
        }

        if (!certificate.CertificateStructure.SignatureAlgorithm.Equals(certificate.TbsCertificate.Signature))
        {
            yield return "e_cert_sig_alg_not_match_tbs_sig_alg: the signature algorithm inside and outside differ";
        }

        if (certificate.SigAlgName is { } name && (name.Contains("SHA-1", StringComparison.OrdinalIgnoreCase) || name.Contains("SHA1", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "e_sub_cert_or_sub_ca_using_sha1: it is signed with SHA-1";
        }
        else if (certificate.SigAlgName is { } other && other.Contains("MD", StringComparison.OrdinalIgnoreCase))
        {
            yield return "e_signature_algorithm_not_supported: it is signed with MD5 or older";
        }

        if (certificate.CertificateStructure.Issuer.ToAsn1Object() is Asn1Sequence { Count: 0 })
        {
            yield return "e_issuer_field_empty: no issuer is named";
        }

        if (CertificateFacts.Values(certificate.SubjectDN, X509Name.CN).Any(value => value.Length > 64))
        {
            yield return "e_subject_common_name_max_length: the CN has more than 64 characters";
        }

        if (Asn1Sequence.GetInstance(certificate.SubjectDN.ToAsn1Object()).Any(rdn => Asn1Set.GetInstance(rdn).Count > 1))
        {
            yield return "n_multiple_subject_rdn: a part of the subject has several attributes, which the gateway refuses";
        }

        if (certificate.GetExtensionValue(X509Extensions.AuthorityKeyIdentifier) is not { } issuerKey)
        {
            if (!CertificateAuthority.Signed(certificate, certificate))
            {
                yield return "e_ext_authority_key_identifier_missing: the identifier of the CA's key is missing";
            }
        }
        else if (AuthorityKeyIdentifier.GetInstance(issuerKey.GetOctets()).KeyIdentifier is null)
        {
            yield return "e_ext_authority_key_identifier_no_key_identifier: the identifier of the CA's key is empty";
        }
    }

    private static IEnumerable<string> Dates(X509Certificate certificate, DateTimeOffset now)
    {
        var (from, until) = (CertificateFacts.NotBefore(certificate), CertificateFacts.NotAfter(certificate));
        if (until <= from)
        {
            yield return "e_validity_time_not_positive: it ends before it begins";
        }

        if (now > until)
        {
            yield return $"expired: not valid after {until:yyyy-MM-dd HH:mm} UTC";
        }

        if (now < from)
        {
            yield return $"not_yet_valid: not valid before {from:yyyy-MM-dd HH:mm} UTC, and this machine's clock says {now:yyyy-MM-dd HH:mm}";
        }
    }

    private static IEnumerable<string> Authority(X509Certificate certificate)
    {
        if (!IsCritical(certificate, X509Extensions.BasicConstraints))
        {
            yield return "e_basic_constraints_not_critical: the CA's basic constraints are not critical";
        }

        if (certificate.GetKeyUsage() is not { } usage)
        {
            yield return "e_ca_key_usage_missing: no key usage says that it may sign";
        }
        else
        {
            if (!usage[5])
            {
                yield return "e_ca_key_cert_sign_not_set: its key usage does not let it sign certificates";
            }

            if (!usage[6])
            {
                yield return "e_ca_crl_sign_not_set: its key usage does not let it sign revocation lists";
            }

            if (!IsCritical(certificate, X509Extensions.KeyUsage))
            {
                yield return "e_ca_key_usage_not_critical: its key usage is not critical";
            }
        }

        if (certificate.GetExtensionValue(X509Extensions.SubjectKeyIdentifier) is null)
        {
            yield return "e_ext_subject_key_identifier_missing_ca: the identifier of its own key is missing";
        }

        if (CertificateFacts.Values(certificate.SubjectDN, X509Name.CN).Count == 0)
        {
            yield return "e_ca_common_name_missing: the CA has no CN";
        }
    }

    private static IEnumerable<string> Leaf(X509Certificate certificate)
    {
        var purposes = CertificateFacts.Purposes(certificate);
        if (purposes.Count == 0)
        {
            yield return "e_sub_cert_eku_missing: no extended key usage says what it is for";
        }
        else if (purposes.Count > 1)
        {
            yield return "w_sub_cert_eku_extra_values: it is for more than one purpose; a client's must not work as a server's, nor the other way round";
        }

        if (certificate.GetKeyUsage() is { } usage)
        {
            if (!usage[0])
            {
                yield return "e_key_usage_and_extended_key_usage_inconsistent: its key usage does not let it sign a handshake";
            }

            if (usage[5])
            {
                yield return "e_sub_cert_key_usage_cert_sign_bit_set: it may sign certificates";
            }

            if (usage[6])
            {
                yield return "e_sub_cert_key_usage_crl_sign_bit_set: it may sign revocation lists";
            }

            if (!IsCritical(certificate, X509Extensions.KeyUsage))
            {
                yield return "w_ext_key_usage_not_critical: its key usage is not critical";
            }
        }
        else
        {
            yield return "key_usage_missing: no key usage says that it signs handshakes";
        }

        if (certificate.GetExtensionValue(X509Extensions.SubjectKeyIdentifier) is null)
        {
            yield return "w_ext_subject_key_identifier_missing_sub_cert: the identifier of its key is missing";
        }

        foreach (var finding in purposes.Contains(KeyPurposeID.id_kp_serverAuth.Id) ? ServerNames(certificate) : ClientNames(certificate))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> ServerNames(X509Certificate certificate)
    {
        var hosts = CertificateFacts.Hosts(certificate);
        if (hosts.Count == 0)
        {
            yield return "e_ext_san_missing: no alternative name says which hosts it is for";
        }

        foreach (var name in CertificateFacts.Values(certificate.SubjectDN, X509Name.CN).Where(name => !hosts.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"e_subject_common_name_not_from_san: the CN \"{name}\" is not among the alternative names";
        }

        foreach (var host in hosts.Where(host => host.Contains('\0', StringComparison.Ordinal)))
        {
            yield return $"e_san_dns_name_includes_null_char: the name \"{host}\" has a NUL in it";
        }

        if (CertificateFacts.NotAfter(certificate) - CertificateFacts.NotBefore(certificate) > LongestServer)
        {
            yield return "w_tls_server_cert_valid_time_longer_than_397_days: some clients refuse a server's certificate that is good for so long";
        }
    }

    private static IEnumerable<string> ClientNames(X509Certificate certificate)
    {
        var names = CertificateFacts.Values(certificate.SubjectDN, X509Name.CN);
        if (names.Count != 1 || !Names.GatewayKnows(names[0]))
        {
            yield return "user_name: the gateway wants exactly one CN of a-z 0-9 . _ - that starts with a letter or digit";
        }
        else if (CertificateFacts.Hosts(certificate) is { Count: > 0 } hosts && !hosts.Contains(names[0], StringComparer.Ordinal))
        {
            yield return $"e_subject_common_name_not_from_san: the CN \"{names[0]}\" is not among the alternative names";
        }
    }

    private static IEnumerable<string> Chain(X509Certificate certificate, bool isAuthority, IReadOnlyList<X509Certificate> authorities)
    {
        if (authorities.FirstOrDefault(authority => CertificateAuthority.Signed(authority, certificate)) is not { } issuer)
        {
            yield return "chain: it is not signed by this folder's CA";
        }
        else if (!isAuthority && certificate.NotAfter > issuer.NotAfter)
        {
            yield return "leaf_outlives_ca: it is valid for longer than its CA";
        }
    }

    private static bool IsCritical(X509Certificate certificate, DerObjectIdentifier extension) =>
        certificate.CertificateStructure.Extensions?.GetExtension(extension) is { IsCritical: true };
}
