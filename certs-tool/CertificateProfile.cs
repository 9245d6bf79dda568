using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace CertsTool;

/// <summary>What each kind of certificate may do and how long (RFC 5280 §4.2, product.md).</summary>
internal sealed record CertificateProfile(string Kind, TimeSpan Validity, KeyPurposeID? Purpose)
{
    public static CertificateProfile Authority { get; } = new("ca", TimeSpan.FromDays(3652), null);

    public static CertificateProfile Server { get; } = new("server", TimeSpan.FromDays(397), KeyPurposeID.id_kp_serverAuth);

    public static CertificateProfile Client { get; } = new("client", TimeSpan.FromDays(90), KeyPurposeID.id_kp_clientAuth);

    /// <summary>One CN in an RDN of its own; groups as O values before it.</summary>
    public static X509Name Subject(string name, IReadOnlyList<string> groups) => new(
        [.. groups.Select(_ => X509Name.O), X509Name.CN],
        (List<string>)[.. groups, name]);

    /// <summary>The hosts of a server; a client's own name, since what reads names reads them from the SAN.</summary>
    public static GeneralNames? AlternativeNames(IReadOnlyList<string> hosts)
    {
        var names = hosts.Select(host => IPAddress.TryParse(host, out var address)
            ? new GeneralName(GeneralName.IPAddress, address.ToString())
            : new GeneralName(GeneralName.DnsName, host)).ToArray();
        return names.Length == 0 ? null : new GeneralNames(names);
    }

    public void AddExtensions(X509V3CertificateGenerator generator, AsymmetricKeyParameter key, AsymmetricKeyParameter issuer, IReadOnlyList<string> hosts)
    {
        generator.AddExtension(X509Extensions.SubjectKeyIdentifier, false, X509ExtensionUtilities.CreateSubjectKeyIdentifier(key));
        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, false, X509ExtensionUtilities.CreateAuthorityKeyIdentifier(issuer));
        if (Purpose is null)
        {
            generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(0));
            generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
            return;
        }

        generator.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(false));
        generator.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(KeyUsage.DigitalSignature));
        generator.AddExtension(X509Extensions.ExtendedKeyUsage, false, new ExtendedKeyUsage(Purpose));
        if (AlternativeNames(hosts) is { } names)
        {
            generator.AddExtension(X509Extensions.SubjectAlternativeName, false, (Asn1Encodable)names);
        }
    }
}
