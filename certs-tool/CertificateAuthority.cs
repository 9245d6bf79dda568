using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace CertsTool;

/// <summary>A certificate and the key that belongs to it.</summary>
internal sealed record IssuedCertificate(X509Certificate Certificate, AsymmetricKeyParameter Key);

/// <summary>The CA: issues certificates by profile and signs the revocation list.</summary>
internal sealed class CertificateAuthority(X509Certificate certificate, AsymmetricKeyParameter key)
{
    // Clocks of clients run behind by a little; nothing else is gained by an earlier date.
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    public X509Certificate Certificate => certificate;

    public AsymmetricKeyParameter Key => key;

    public static CertificateAuthority Create(string kind, DateTimeOffset now)
    {
        var pair = KeyKind.Generate(kind);
        var name = CertificateProfile.Subject($"docker-gateway CA {now:yyyy-MM-dd}", []);
        var certificate = Sign(CertificateProfile.Authority, name, name, pair.Public, pair.Public, pair.Private, now, now + CertificateProfile.Authority.Validity, []);
        return new CertificateAuthority(certificate, pair.Private);
    }

    /// <exception cref="ToolException">The folder holds no CA, or its key and certificate do not belong together.</exception>
    public static CertificateAuthority Load(PkiFolder folder, string? passphrase)
    {
        if (!File.Exists(folder.Authority))
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} holds no CA; make one with: certs-tool init --dir {folder.Path}");
        }

        return new CertificateAuthority(PemFile.ReadCertificate(folder.Authority), PemFile.ReadKey(folder.AuthorityKey, passphrase));
    }

    public IssuedCertificate Issue(CertificateProfile profile, string name, IReadOnlyList<string> groups, IReadOnlyList<string> hosts, TimeSpan validity, string kind, DateTimeOffset now)
    {
        var pair = KeyKind.Generate(kind);
        var end = now + validity;
        var last = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        var issued = Sign(
            profile, CertificateProfile.Subject(name, groups), certificate.SubjectDN, pair.Public, certificate.GetPublicKey(), key, now, end < last ? end : last, hosts);
        return new IssuedCertificate(issued, pair.Private);
    }

    /// <summary>The list of what is revoked, empty included.</summary>
    public X509Crl RevocationList(IEnumerable<InventoryEntry> revoked, DateTimeOffset now, TimeSpan validity)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(certificate.SubjectDN);
        generator.SetThisUpdate(Seconds(now - Backdate));
        generator.SetNextUpdate(Seconds(now + validity));
        foreach (var entry in revoked)
        {
            generator.AddCrlEntry(new BigInteger(entry.Serial, 16), Seconds(now), CrlReason.Unspecified);
        }

        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, X509ExtensionUtilities.CreateAuthorityKeyIdentifier(certificate.GetPublicKey()));
        generator.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(BigInteger.ValueOf(now.ToUnixTimeSeconds())));
        return generator.Generate(new Asn1SignatureFactory(KeyKind.SignatureOf(key), key, KeyKind.Random));
    }

    public static InventoryEntry Entry(string name, string kind, X509Certificate certificate) => new(
        name,
        kind,
        certificate.SerialNumber.ToString(16),
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(certificate.GetEncoded())),
        new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
        new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
        "valid");

    private static X509Certificate Sign(
        CertificateProfile profile,
        X509Name subject,
        X509Name issuer,
        AsymmetricKeyParameter subjectKey,
        AsymmetricKeyParameter issuerKey,
        AsymmetricKeyParameter signingKey,
        DateTimeOffset now,
        DateTimeOffset end,
        IReadOnlyList<string> hosts)
    {
        var generator = new X509V3CertificateGenerator();

        // 128 bits, random but for the top one, which keeps the number from being zero or short.
        generator.SetSerialNumber(new BigInteger(128, KeyKind.Random).SetBit(127));
        generator.SetIssuerDN(issuer);
        generator.SetSubjectDN(subject);
        generator.SetNotBefore(Seconds(now - Backdate));
        generator.SetNotAfter(Seconds(end));
        generator.SetPublicKey(subjectKey);
        profile.AddExtensions(generator, subjectKey, issuerKey, hosts);
        return generator.Generate(new Asn1SignatureFactory(KeyKind.SignatureOf(signingKey), signingKey, KeyKind.Random));
    }

    private static DateTime Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}
