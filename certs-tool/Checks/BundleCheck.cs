using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>One holder's files: the certificate, whether the key is its own, and whether it trusts what the folder trusts.</summary>
internal static class BundleCheck
{
    public static IReadOnlyList<Finding> Run(PkiFolder folder, Bundle bundle, Inventory? inventory, IReadOnlyList<X509Certificate> authorities, DateTimeOffset now)
    {
        List<Finding> findings = [];
        if (FolderCheck.Try(findings, bundle.Certificate, () => PemFile.ReadCertificate(bundle.Certificate)) is not { } certificate)
        {
            return findings;
        }

        var sha256 = CertificateFacts.Sha256(certificate);
        var entry = inventory?.Certificates.FirstOrDefault(entry => entry.Sha256 == sha256);
        if (entry is { State: CertificateState.Retired })
        {
            findings.Add(new Finding(bundle.Certificate, $"its CA was rotated out, so it is refused; renew it with: certs-tool renew {bundle.Argument}"));
        }
        else if (entry is not { State: CertificateState.Revoked })
        {
            // What was revoked counts for nothing, in order or not.
            findings.AddRange(CertificateLint.Check(certificate, authorities, now).Select(text => new Finding(bundle.Certificate, $"{text}{(text.StartsWith("expired", StringComparison.Ordinal) ? $"; renew it with: certs-tool renew {bundle.Argument}" : "")}")));
        }

        if (CertificateFacts.Kind(certificate) != bundle.Kind)
        {
            findings.Add(new Finding(bundle.Certificate, $"is a {CertificateFacts.Kind(certificate)}'s certificate in a {bundle.Kind}'s place"));
        }

        if (bundle.Kind == "client" && CertificateFacts.CommonName(certificate.SubjectDN) != bundle.Name)
        {
            findings.Add(new Finding(bundle.Certificate, $"its CN is not \"{bundle.Name}\", the name of its folder"));
        }

        if (inventory is not null && entry is null)
        {
            findings.Add(new Finding(bundle.Certificate, "not in the inventory, so it cannot be revoked by name; take it in with: certs-tool verify --repair"));
        }

        findings.AddRange(Key(bundle, certificate, entry));
        if (bundle.Kind == "client" && FolderCheck.Try(findings, bundle.Authority, () => PemFile.ReadCertificates(bundle.Authority)) is { } trusted
            && !trusted.Select(CertificateFacts.Sha256).Order().SequenceEqual(authorities.Select(CertificateFacts.Sha256).Order()))
        {
            findings.Add(new Finding(bundle.Authority, $"does not hold the CAs of {folder.Authority}; mend it with: certs-tool verify --repair"));
        }

        return findings;
    }

    private static List<Finding> Key(Bundle bundle, X509Certificate certificate, InventoryEntry? entry)
    {
        List<Finding> findings = [];
        if (Posix.Facts(bundle.Key) is null)
        {
            if (entry is not { Signed: true })
            {
                findings.Add(new Finding(bundle.Key, $"missing; make a new pair with: certs-tool renew {bundle.Argument}", Damage: true));
            }
        }
        else if (FolderCheck.Try(findings, bundle.Key, () => PemFile.ReadKey(bundle.Key, () => null)) is { } key && !KeyKind.Fits(key, certificate.GetPublicKey()))
        {
            findings.Add(new Finding(bundle.Path, $"cert.pem and key.pem do not belong together; make a new pair with: certs-tool renew {bundle.Argument}", Damage: true));
        }

        return findings;
    }
}
