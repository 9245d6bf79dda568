using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>Whether the inventory says what the certificates themselves say.</summary>
internal static class InventoryCheck
{
    public static IEnumerable<Finding> Run(PkiFolder folder, Inventory inventory, IReadOnlyList<X509Certificate> authorities)
    {
        foreach (var twice in inventory.Certificates.GroupBy(entry => entry.Serial).Where(group => group.Count() > 1))
        {
            yield return new Finding(folder.Inventory, $"two entries have the serial {twice.Key}; mend it with: certs-tool verify --repair");
        }

        foreach (var authority in authorities.Where(authority => inventory.Certificates.All(entry => entry.Sha256 != CertificateFacts.Sha256(authority))))
        {
            yield return new Finding(folder.Inventory, $"does not know the CA \"{CertificateFacts.CommonName(authority.SubjectDN)}\"; mend it with: certs-tool verify --repair");
        }

        foreach (var kept in KeptCertificates.Read(folder))
        {
            var sha256 = CertificateFacts.Sha256(kept.Certificate);
            if (inventory.Certificates.FirstOrDefault(entry => entry.Sha256 == sha256) is not { } entry)
            {
                yield return new Finding(folder.Inventory, $"does not know {kept.File}; mend it with: certs-tool verify --repair");
            }
            else if (entry.Serial != CertificateFacts.Serial(kept.Certificate) || entry.NotAfter != CertificateFacts.NotAfter(kept.Certificate) || entry.NotBefore != CertificateFacts.NotBefore(kept.Certificate))
            {
                yield return new Finding(folder.Inventory, $"says something else than {kept.File} itself; mend it with: certs-tool verify --repair");
            }
        }
    }
}
