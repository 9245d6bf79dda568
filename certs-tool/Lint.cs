using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Security.Certificates;
using Org.BouncyCastle.X509;

namespace CertsTool;

/// <summary>What is odd about a certificate, by the names that zlint gives such rules.</summary>
internal static class Lint
{
    public static IEnumerable<string> Check(X509Certificate certificate, X509Certificate? authority, DateTime now)
    {
        var isAuthority = certificate.GetBasicConstraints() >= 0;
        var serial = certificate.SerialNumber;
        if (serial.SignValue <= 0 || serial.ToByteArray().Length > 20)
        {
            yield return "e_serial_number_longer_than_20_octets: the serial is zero, negative or over 20 octets";
        }

        if (now > certificate.NotAfter.ToUniversalTime())
        {
            yield return $"expired: not valid after {certificate.NotAfter.ToUniversalTime():u}";
        }

        if (now < certificate.NotBefore.ToUniversalTime())
        {
            yield return $"not_yet_valid: not valid before {certificate.NotBefore.ToUniversalTime():u}";
        }

        if (authority is not null && !isAuthority && certificate.NotAfter > authority.NotAfter)
        {
            yield return "w_leaf_outlives_ca: the certificate is valid for longer than its CA";
        }

        if (authority is not null && !IsSignedBy(certificate, authority))
        {
            yield return "chain: the certificate is not signed by this folder's CA";
        }

        if (!isAuthority && certificate.GetExtendedKeyUsage() is null)
        {
            yield return "e_sub_cert_eku_missing: no extended key usage says what it is for";
        }

        foreach (var (oid, rule) in new[] { (X509Extensions.SubjectKeyIdentifier, "e_ext_subject_key_identifier_missing"), (X509Extensions.AuthorityKeyIdentifier, "e_ext_authority_key_identifier_missing") })
        {
            if (certificate.GetExtensionValue(oid) is null)
            {
                yield return $"{rule}: the key identifier is missing";
            }
        }

        if (certificate.GetPublicKey() is RsaKeyParameters { Modulus.BitLength: < 2048 } or ECPublicKeyParameters { Parameters.N.BitLength: < 256 })
        {
            yield return "e_key_too_small: the key is weaker than RSA 2048 or P-256";
        }
    }

    private static bool IsSignedBy(X509Certificate certificate, X509Certificate authority)
    {
        try
        {
            certificate.Verify(authority.GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or CertificateException)
        {
            return false;
        }
    }
}
