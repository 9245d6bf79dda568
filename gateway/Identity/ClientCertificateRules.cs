using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace Gateway.Identity;

/// <summary>
/// What a certificate that chains to the CA says of its holder (threats §7). The name is read from the DER structure, never
/// from a formatted DN, whose escaping and order are attackable.
/// </summary>
internal static partial class ClientCertificateRules
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public static ClientIdentity Identify(X509Certificate2 certificate, RevocationList? revoked, DateTimeOffset now, string peer)
    {
        var facts = new CertificateFacts(
            certificate.SerialNumber.ToLowerInvariant().TrimStart('0'),
            Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)),
            "sha256:" + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));
        var subject = X509CertificateStructure.GetInstance(certificate.RawData).Subject;
        var name = CommonName(subject);
        var refusal = Problem(certificate, now)
            ?? revoked?.Problem(certificate, now)
            ?? (name is null ? "the certificate's subject does not hold exactly one plain CN of a-z 0-9 . _ -; ask for a new one" : null);
        return new ClientIdentity(refusal is null ? name : null, Organizations(subject), facts, peer, refusal);
    }

    private static string? Problem(X509Certificate2 certificate, DateTimeOffset now)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>());
        var keyUsage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        using var rsa = certificate.GetRSAPublicKey();
        using var ecdsa = certificate.GetECDsaPublicKey();
        return certificate switch
        {
            _ when now < certificate.NotBefore.ToUniversalTime() => $"the certificate is not valid before {certificate.NotBefore.ToUniversalTime():u}; check the clocks",
            _ when now > certificate.NotAfter.ToUniversalTime() => $"the certificate expired at {certificate.NotAfter.ToUniversalTime():u}; ask for a new one",
            _ when certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority) => "a CA's certificate is no client's; use a client certificate",
            _ when !usages.Any(usage => usage.Value == ClientAuth) => "the certificate is not for clients (its extended key usage lacks clientAuth); use a client certificate",
            _ when keyUsage is not null && !keyUsage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) => "the certificate's key usage lacks digitalSignature; ask for a new one",
            _ when certificate.SignatureAlgorithm.FriendlyName is { } algorithm && WeakHash().IsMatch(algorithm) => "the certificate is signed with SHA-1 or MD5; ask for a new one",
            _ when rsa is { KeySize: < 2048 } || ecdsa is { KeySize: < 256 } || (rsa is null && ecdsa is null) => "the certificate's key is weaker than RSA 2048 or P-256; ask for a new one",
            _ => null,
        };
    }

    private static string? CommonName(X509Name subject)
    {
        var names = Rdns(subject).Where(rdn => rdn.Any(a => a.Type.Equals(X509Name.CN))).ToList();
        return names is [{ Count: 1 } only] && only[0].Value is { } value && Plain().IsMatch(value) ? value : null;
    }

    private static List<string> Organizations(X509Name subject) =>
    [
        .. Rdns(subject).Where(rdn => rdn.Count == 1 && rdn[0].Type.Equals(X509Name.O)).Select(rdn => rdn[0].Value).OfType<string>().Where(o => Plain().IsMatch(o)),
    ];

    /// <summary>The RDNs with the text of each value; null for a value that is neither PrintableString nor UTF8String.</summary>
    private static IEnumerable<List<(DerObjectIdentifier Type, string? Value)>> Rdns(X509Name subject) =>
        Asn1Sequence.GetInstance(subject.ToAsn1Object()).Select(rdn => Asn1Set.GetInstance(rdn).Select(item =>
        {
            var pair = Asn1Sequence.GetInstance(item);
            var text = pair[1] switch
            {
                DerUtf8String utf8 => utf8.GetString(),
                DerPrintableString printable => printable.GetString(),
                _ => null,
            };
            return (DerObjectIdentifier.GetInstance(pair[0]), text);
        }).ToList());

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex Plain();

    [GeneratedRegex("sha1|md5", RegexOptions.IgnoreCase)]
    private static partial Regex WeakHash();
}
