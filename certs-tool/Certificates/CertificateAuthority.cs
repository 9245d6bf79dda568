using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace CertsTool.Certificates;

/// <summary>A CA with its key: issues certificates by profile and signs its revocation list.</summary>
internal sealed class CertificateAuthority(X509Certificate certificate, AsymmetricKeyParameter key)
{
    // Clocks of clients run behind by a little; nothing else is gained by an earlier date.
    public static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    public X509Certificate Certificate => certificate;

    public AsymmetricKeyParameter Key => key;

    /// <summary>How the inventory names this CA.</summary>
    public string Id => CertificateFacts.Sha256(certificate);

    public static CertificateAuthority Create(string kind, string name, DateTimeOffset now)
    {
        var pair = KeyKind.Generate(kind);
        var holder = Holder.Authority(name);
        var spki = SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public);
        var certificate = Sign(CertificateProfile.Authority, holder, holder.Subject, spki, spki, pair.Private, now, now + CertificateProfile.Authority.Validity);
        return new CertificateAuthority(certificate, pair.Private);
    }

    /// <summary>A certificate for the holder's key; it ends with the CA at the latest.</summary>
    /// <exception cref="ToolException">The CA itself has ended, or the clock stands before its time.</exception>
    public X509Certificate Issue(CertificateProfile profile, Holder holder, SubjectPublicKeyInfo publicKey, TimeSpan validity, DateTimeOffset now)
    {
        var (first, last) = (CertificateFacts.NotBefore(certificate), CertificateFacts.NotAfter(certificate));
        if (now < first)
        {
            throw new ToolException(ToolException.Usage, $"this machine's clock says {now:yyyy-MM-dd HH:mm}, but the CA is valid from {first:yyyy-MM-dd HH:mm} on; nothing was changed\nset the clock, then run the command again");
        }

        if (now >= last)
        {
            throw new ToolException(ToolException.Usage, $"the CA ended on {last:yyyy-MM-dd}; nothing was changed\nmake a new one beside it with: certs-tool rotate-ca");
        }

        var end = now + validity;
        return Sign(profile, holder, certificate.SubjectDN, publicKey, certificate.SubjectPublicKeyInfo, key, now, end < last ? end : last);
    }

    /// <summary>The list of what is revoked, empty included (RFC 5280 §5).</summary>
    /// <param name="number">Higher than that of every list before it.</param>
    public X509Crl RevocationList(IEnumerable<RevokedCertificate> revoked, BigInteger number, DateTimeOffset now, TimeSpan validity)
    {
        var generator = new X509V2CrlGenerator();
        generator.SetIssuerDN(certificate.SubjectDN);
        generator.SetThisUpdate(Seconds(now));
        generator.SetNextUpdate(Seconds(now + validity));
        foreach (var entry in revoked)
        {
            generator.AddCrlEntry(entry.Serial, Seconds(entry.Time < now ? entry.Time : now), RevocationReason.Extension(entry.Reason));
        }

        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, X509ExtensionUtilities.CreateAuthorityKeyIdentifier(certificate.SubjectPublicKeyInfo));
        generator.AddExtension(X509Extensions.CrlNumber, false, new CrlNumber(number));
        return generator.Generate(new Asn1SignatureFactory(KeyKind.SignatureOf(key), key, KeyKind.Random));
    }

    /// <summary>True if this CA's key made the certificate's signature.</summary>
    public static bool Signed(X509Certificate authority, X509Certificate certificate)
    {
        try
        {
            return certificate.IssuerDN.Equivalent(authority.SubjectDN, inOrder: true) && certificate.IsSignatureValid(authority.GetPublicKey());
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            return false;
        }
    }

    private static X509Certificate Sign(
        CertificateProfile profile, Holder holder, X509Name issuer, SubjectPublicKeyInfo subjectKey, SubjectPublicKeyInfo issuerKey, AsymmetricKeyParameter signingKey, DateTimeOffset now, DateTimeOffset end)
    {
        var generator = new X509V3CertificateGenerator();
        generator.SetSerialNumber(RandomSerial());
        generator.SetIssuerDN(issuer);
        generator.SetSubjectDN(holder.Subject);
        generator.SetNotBefore(Seconds(now - Backdate));
        generator.SetNotAfter(Seconds(end));
        generator.SetSubjectPublicKeyInfo(subjectKey);
        profile.AddExtensions(generator, subjectKey, issuerKey, holder.Names);
        return generator.Generate(new Asn1SignatureFactory(KeyKind.SignatureOf(signingKey), signingKey, KeyKind.Random));
    }

    /// <summary>128 random bits; RFC 5280 §4.1.2.2 asks for a positive number of at most 20 octets.</summary>
    private static BigInteger RandomSerial()
    {
        for (; ; )
        {
            var serial = new BigInteger(1, SecureRandom.GetNextBytes(KeyKind.Random, 16));
            if (serial.SignValue > 0)
            {
                return serial;
            }
        }
    }

    private static DateTime Seconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()).UtcDateTime;
}
