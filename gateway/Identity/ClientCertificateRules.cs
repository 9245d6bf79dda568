using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.X509;

namespace Gateway.Identity;

/// <summary>What a client's certificate says of its holder, and why it may not count (threats §7). Asked at every request, not at the handshake only.</summary>
internal static class ClientCertificateRules
{
    /// <summary>Extensions that may be critical because they are read here or by the chain's check.</summary>
    private static readonly HashSet<string> Understood =
    [
        X509Extensions.BasicConstraints.Id, X509Extensions.KeyUsage.Id, X509Extensions.ExtendedKeyUsage.Id, X509Extensions.SubjectAlternativeName.Id,
    ];

    public static ClientIdentity Identify(X509Certificate2 certificate, ClientTrust trust, DateTimeOffset now, string peer)
    {
        var facts = new CertificateFacts(
            certificate.SerialNumber.ToLowerInvariant().TrimStart('0'),
            Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)),
            "sha256:" + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));
        try
        {
            var subject = new CertificateSubject(certificate);
            var name = subject.CommonName;
            var refusal = TrustProblem(certificate, facts, name, trust, now) ?? Problem(certificate) ?? NameProblem(subject);
            return new ClientIdentity(refusal is null ? name : null, subject.Organizations, facts, peer, refusal) { ClaimedName = name };
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or InvalidCastException or IOException or CryptographicException)
        {
            return new ClientIdentity(null, [], facts, peer, "the certificate cannot be read in one way only; ask for a new one");
        }
    }

    /// <summary>The CA, the revocation lists and the clock.</summary>
    private static string? TrustProblem(X509Certificate2 certificate, CertificateFacts facts, string? name, ClientTrust trust, DateTimeOffset now)
    {
        var path = trust.Authorities.PathOf(certificate);
        if (path.Count == 0)
        {
            return "the certificate was not issued by a CA that this gateway trusts now; ask for a new one";
        }

        // A revoked certificate is told so even where the list is stale.
        if (trust.Revoked?.Find(certificate, path) is var (authority, at))
        {
            return authority is null
                ? $"certificate \"{name ?? "?"}\" (serial {facts.Serial}) was revoked on {Utc(at)}; ask for a new one"
                : $"the CA \"{authority.Name}\", which issued this certificate, was revoked on {Utc(at)}; ask for a new one";
        }

        return trust switch
        {
            { Revoked: { } lists, StaleListsRefuse: true } when now > lists.NextUpdate => $"the gateway's revocation list is stale since {Utc(lists.NextUpdate)}; an administrator has to run certs-tool crl",
            _ when now < certificate.NotBefore.ToUniversalTime() => $"the certificate is not valid before {Utc(certificate.NotBefore)}; check the clocks",
            _ when now > certificate.NotAfter.ToUniversalTime() => $"the certificate expired on {Utc(certificate.NotAfter)}; ask for a new one",
            _ when path.FirstOrDefault(a => !a.IsCurrent(now)) is { } ended => $"the CA \"{ended.Name}\", which issued this certificate, is not valid now (until {Utc(ended.Certificate.NotAfter)})",
            _ => null,
        };
    }

    private static string? Problem(X509Certificate2 certificate)
    {
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>());
        var keyUsage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages;
        return certificate switch
        {
            _ when certificate.Extensions.GroupBy(e => e.Oid?.Value).FirstOrDefault(g => g.Count() > 1) is { } twice => $"the certificate has an extension twice ({twice.Key}); ask for a new one",
            _ when certificate.Extensions.FirstOrDefault(e => e.Critical && !Understood.Contains(e.Oid?.Value ?? "")) is { } odd => $"the certificate has a critical extension that is not understood ({odd.Oid?.Value}); ask for a new one",
            _ when certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority) || keyUsage?.HasFlag(X509KeyUsageFlags.KeyCertSign) == true => "a CA's certificate is no client's; use a client certificate",
            _ when !usages.Any(usage => usage.Value == CertificateRules.ClientAuth) => "the certificate is not for clients (its extended key usage lacks clientAuth); use a client certificate",
            _ when keyUsage?.HasFlag(X509KeyUsageFlags.DigitalSignature) == false => "the certificate's key usage lacks digitalSignature; ask for a new one",
            _ when !CertificateRules.IsStrongSignature(X509CertificateStructure.GetInstance(certificate.RawData).SignatureAlgorithm) => "the certificate is signed with SHA-1, MD5 or something unknown; ask for a new one",
            _ when CertificateRules.IsWeakKey(certificate) => "the certificate's key is weaker than RSA 2048 or P-256, or of another kind; ask for a new one",
            _ => null,
        };
    }

    private static string? NameProblem(CertificateSubject subject) =>
        subject.CommonName is not { } name ? $"the certificate's subject does not hold exactly one plain CN of a-z 0-9 . _ - (it holds \"{subject.Shown}\"); ask for a new one"
        : subject.Uris.Any(uri => !(uri == name || uri.EndsWith("/" + name, StringComparison.Ordinal) || uri.EndsWith(":" + name, StringComparison.Ordinal))) ?
            $"the certificate names \"{name}\" as CN and somebody else in a URI of its alternative names; ask for a new one"
        : null;

    private static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
