using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Gateway.Identity;

/// <summary>One CA of the authorities' file.</summary>
internal sealed class Authority
{
    private readonly Org.BouncyCastle.X509.X509Certificate parsed;

    /// <exception cref="FormatException">The certificate is no CA's, or too weak to be one.</exception>
    public Authority(X509Certificate2 certificate)
    {
        Certificate = certificate;
        parsed = new X509CertificateParser().ReadCertificate(certificate.RawData);
        Name = certificate.GetNameInfo(X509NameType.SimpleName, false);
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        var purposes = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages;
        var problem = certificate switch
        {
            _ when parsed.GetBasicConstraints() < 0 => "is no CA's certificate",
            _ when usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign) => "may not sign certificates (its key usage lacks keyCertSign)",
            _ when purposes is not null && !purposes.Cast<System.Security.Cryptography.Oid>().Any(p => p.Value is CertificateRules.ClientAuth or CertificateRules.AnyPurpose) =>
                "may not sign for clients (its extended key usage lacks clientAuth)",
            _ when CertificateRules.IsWeakKey(certificate) => "has a key weaker than RSA 2048 or P-256",
            _ => null,
        };
        if (problem is not null)
        {
            throw new FormatException($"the certificate of \"{Name}\" {problem}");
        }

        SignsLists = usage?.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign) ?? true;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>For messages.</summary>
    public string Name { get; }

    public bool SignsLists { get; }

    public bool IsRoot => Issued(parsed);

    /// <summary>Issued by this name and signed with this key: a second CA of the same name is told apart by its key.</summary>
    public bool Issued(Org.BouncyCastle.X509.X509Certificate certificate) =>
        parsed.SubjectDN.Equivalent(certificate.IssuerDN, true) && Verifies(certificate.Verify);

    public bool Issued(Authority other) => Issued(other.parsed);

    public bool Issued(X509Crl list) => SignsLists && parsed.SubjectDN.Equivalent(list.IssuerDN, true) && Verifies(list.Verify);

    public bool IsCurrent(DateTimeOffset now) => now >= Certificate.NotBefore.ToUniversalTime() && now <= Certificate.NotAfter.ToUniversalTime();

    private bool Verifies(Action<Org.BouncyCastle.Crypto.AsymmetricKeyParameter> verify)
    {
        try
        {
            verify(parsed.GetPublicKey());
            return true;
        }
        catch (Exception e) when (e is GeneralSecurityException or InvalidOperationException or ArgumentException or IOException)
        {
            return false;
        }
    }
}
