using System.Net;
using CertsTool.Folder;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;

namespace CertsTool.Certificates;

/// <summary>A certificate to make.</summary>
/// <param name="Key">The private key, where it is made here; null where it stays elsewhere or is kept.</param>
internal sealed record WantedCertificate(Bundle Bundle, Holder Holder, SubjectPublicKeyInfo PublicKey, AsymmetricKeyParameter? Key, TimeSpan Validity)
{
    public static WantedCertificate WithNewKey(Bundle bundle, Holder holder, string kind, TimeSpan validity)
    {
        var pair = KeyKind.Generate(kind);
        return new(bundle, holder, Org.BouncyCastle.X509.SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(pair.Public), pair.Private, validity);
    }
}

/// <summary>Puts new certificates into a change of the folder, and into the inventory that the change ends with.</summary>
internal sealed class Issuing(PkiFolder folder, Authorities authorities, FolderChange change, DateTimeOffset now)
{
    /// <summary>A holder's first bundle.</summary>
    /// <exception cref="ToolException">There is one already, or the CA cannot sign.</exception>
    public (X509Certificate Certificate, Inventory Inventory) Add(WantedCertificate wanted, Inventory inventory)
    {
        var (bundle, profile) = (wanted.Bundle, CertificateProfile.Of(wanted.Bundle.Kind));
        if (Posix.Facts(bundle.Path) is not null)
        {
            throw new ToolException(ToolException.Usage, $"{bundle.Path} exists; nothing is overwritten\nrenew it with: certs-tool renew {bundle.Argument}");
        }

        var authority = authorities.For(bundle.Kind, now);
        var certificate = authority.Issue(profile, wanted.Holder, wanted.PublicKey, wanted.Validity, now);
        List<(string Name, string Text, UnixFileMode Mode)> files = [("cert.pem", PemFile.Certificate(certificate), PkiFolder.CertificateMode)];
        if (wanted.Key is not null)
        {
            files.Add(("key.pem", PemFile.Key(wanted.Key, null), PkiFolder.KeyMode));
        }

        if (bundle.Kind == "client")
        {
            files.Add(("ca.pem", authorities.Pem, PkiFolder.CertificateMode));
        }

        Keep(certificate);
        change.PutFolder(bundle.Path, files);
        return (certificate, Record(wanted, certificate, authority, Replaced(bundle, inventory)));
    }

    /// <summary>
    /// A holder's next certificate in the place of the one before, together with its key: a gateway or a docker client that
    /// reads the two meanwhile gets both old or both new, unless the change falls exactly between its own two reads.
    /// </summary>
    /// <exception cref="ToolException">The CA cannot sign.</exception>
    public (X509Certificate Certificate, Inventory Inventory) Replace(WantedCertificate wanted, Inventory inventory, CertificateAuthority? signer = null)
    {
        var bundle = wanted.Bundle;
        var authority = signer ?? authorities.For(bundle.Kind, now);
        var certificate = authority.Issue(CertificateProfile.Of(bundle.Kind), wanted.Holder, wanted.PublicKey, wanted.Validity, now);
        Keep(certificate);
        List<(string Name, string Text, UnixFileMode Mode)> files = [("cert.pem", PemFile.Certificate(certificate), PkiFolder.CertificateMode)];
        if (wanted.Key is not null)
        {
            files.Add(("key.pem", PemFile.Key(wanted.Key, null), PkiFolder.KeyMode));
        }
        else if (File.Exists(bundle.Key))
        {
            files.Add(("key.pem", File.ReadAllText(bundle.Key), PkiFolder.KeyMode));
        }

        if (bundle.Kind == "client")
        {
            files.Add(("ca.pem", authorities.Pem, PkiFolder.CertificateMode));
        }

        change.ReplaceTogether(bundle.Path, files);
        return (certificate, Record(wanted, certificate, authority, Replaced(bundle, inventory)));
    }

    /// <summary>Keeps a certificate that lies nowhere else, or will not for long.</summary>
    public void Keep(X509Certificate certificate) =>
        change.Put(folder.Issued(CertificateFacts.Serial(certificate)), PemFile.Certificate(certificate), PkiFolder.CertificateMode);

    /// <summary>This machine's name and loopback.</summary>
    public static IReadOnlyList<string> DefaultHosts()
    {
        var machine = Environment.MachineName.ToLowerInvariant();
        return [.. new[] { machine, "localhost", IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString() }.Where(host => host.Contains(':', StringComparison.Ordinal) || Names.IsDns(host) || host == IPAddress.Loopback.ToString()).Distinct()];
    }

    private static Inventory Replaced(Bundle bundle, Inventory inventory) =>
        inventory.Change(entry => entry.Kind == bundle.Kind && entry.Name == bundle.Name, entry => entry with { Replaced = true });

    private static Inventory Record(WantedCertificate wanted, X509Certificate certificate, CertificateAuthority authority, Inventory inventory) =>
        inventory.With(InventoryEntry.Of(wanted.Bundle.Name, wanted.Bundle.Kind, certificate, authority.Id, signed: wanted.Key is null && !File.Exists(wanted.Bundle.Key)));
}
