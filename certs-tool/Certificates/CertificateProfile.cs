using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace CertsTool.Certificates;

/// <summary>Who a certificate is for: its subject, and the names that stand beside it.</summary>
internal sealed record Holder(X509Name Subject, GeneralNames? Names)
{
    /// <summary>A client: one CN in an RDN of its own, groups as O values before it, and the name once more where it can be a host's.</summary>
    public static Holder Client(string name, IReadOnlyList<string> groups) => new(
        new X509Name([.. groups.Select(_ => X509Name.O), X509Name.CN], (List<string>)[.. groups, name]),
        CertsTool.Names.IsDns(name) ? new GeneralNames(new GeneralName(GeneralName.DnsName, name)) : null);

    /// <exception cref="ToolException">No host is short enough for a CN.</exception>
    public static Holder Server(IReadOnlyList<string> hosts) => new(
        new X509Name([X509Name.CN], (List<string>)[CertsTool.Names.CommonName(hosts)]),
        new GeneralNames([.. hosts.Select(host => IPAddress.TryParse(host, out var address)
            ? new GeneralName(GeneralName.IPAddress, new DerOctetString(address.GetAddressBytes()))
            : new GeneralName(GeneralName.DnsName, host))]));

    public static Holder Authority(string name) => new(new X509Name([X509Name.CN], (List<string>)[name]), null);

    /// <summary>The same holder once more, for a renewal.</summary>
    public static Holder Of(X509Certificate certificate) => new(certificate.SubjectDN, certificate.GetSubjectAlternativeNameExtension());
}

/// <summary>What each kind of certificate may do and how long (RFC 5280 §4.2, product.md).</summary>
internal sealed record CertificateProfile(string Kind, TimeSpan Validity, KeyPurposeID? Purpose)
{
    public static CertificateProfile Authority { get; } = new("ca", TimeSpan.FromDays(3652), null);

    public static CertificateProfile Server { get; } = new("server", TimeSpan.FromDays(397), KeyPurposeID.id_kp_serverAuth);

    public static CertificateProfile Client { get; } = new("client", TimeSpan.FromDays(90), KeyPurposeID.id_kp_clientAuth);

    public static CertificateProfile Of(string kind) => kind == "server" ? Server : Client;

    public void AddExtensions(X509V3CertificateGenerator generator, SubjectPublicKeyInfo key, SubjectPublicKeyInfo issuer, GeneralNames? names)
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
        if (names is not null)
        {
            generator.AddExtension(X509Extensions.SubjectAlternativeName, false, (Asn1Encodable)names);
        }
    }
}
