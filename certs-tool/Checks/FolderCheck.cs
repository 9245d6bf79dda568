using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Checks;

/// <summary>Everything that is wrong with a folder.</summary>
internal static class FolderCheck
{
    private static readonly TimeSpan LastHalfYear = TimeSpan.FromDays(183);

    /// <param name="passphrase">Of the CA's key; null leaves an encrypted key unopened.</param>
    public static IReadOnlyList<Finding> Run(PkiFolder folder, Func<string?> passphrase, DateTimeOffset now)
    {
        if (Directory.Exists(folder.Committed))
        {
            return [new Finding(folder.Committed, $"a run was killed after it had decided on a change; finish it with: certs-tool verify --repair --dir {folder.Path}")];
        }

        List<Finding> findings = [.. AccessCheck.Run(folder)];
        if (Try(findings, folder.Authority, () => Authorities.ReadCertificates(folder)) is not { } authorities)
        {
            return findings;
        }

        var inventory = Try(findings, folder.Inventory, () => Inventory.Read(folder));
        foreach (var authority in authorities)
        {
            findings.AddRange(CertificateLint.Check(authority, [authority], now).Select(text => new Finding(folder.Authority, text)));
        }

        findings.AddRange(AuthorityKeys(folder, authorities, passphrase));
        foreach (var bundle in folder.Bundles)
        {
            findings.AddRange(Try(findings, bundle.Path, () => BundleCheck.Run(folder, bundle, inventory, authorities, now)) ?? []);
        }

        foreach (var file in KeptCertificates.Files(folder))
        {
            _ = Try(findings, file, () => PemFile.ReadCertificate(file));
        }

        findings.AddRange(Try(findings, folder.RevocationList, () => RevocationListCheck.Run(folder, authorities, inventory, now)) ?? []);
        return inventory is null ? findings : [.. findings, .. InventoryCheck.Run(folder, inventory, authorities)];
    }

    /// <summary>Leftovers that do no harm: what a killed run had begun and not decided.</summary>
    public static IEnumerable<string> Notes(PkiFolder folder, DateTimeOffset now)
    {
        if (!Directory.Exists(folder.Committed) && Try([], folder.Authority, () => Authorities.ReadCertificates(folder)) is { } authorities && CertificateFacts.NotAfter(authorities[0]) is var end && end - now < LastHalfYear)
        {
            yield return $"{folder.Authority}: the CA ends on {end:yyyy-MM-dd}, and no certificate outlives it; begin in time with: certs-tool rotate-ca";
        }

        if (Directory.Exists(folder.Preparing))
        {
            yield return $"{folder.Preparing}: left by a run that was killed before it changed anything; the next command that writes removes it";
        }

        if (PemFile.IsEncrypted(folder.AuthorityKey))
        {
            yield return $"{folder.AuthorityKey}: encrypted; with --passphrase-file it is checked too";
        }
    }

    /// <summary>Reads something, or notes what a person has to know about why not.</summary>
    public static T? Try<T>(List<Finding> findings, string path, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ToolException e)
        {
            var text = e.Message.Replace("; nothing was changed", "", StringComparison.Ordinal).ReplaceLineEndings("; ");
            findings.Add(new Finding(path, text.StartsWith(path + ": ", StringComparison.Ordinal) ? text[(path.Length + 2)..] : text, e.ExitCode == ToolException.Damaged));
            return null;
        }
        catch (Exception e) when (PemFile.IsUnreadable(e))
        {
            findings.Add(new Finding(path, PemFile.Words(e), Damage: true));
            return null;
        }
    }

    private static List<Finding> AuthorityKeys(PkiFolder folder, IReadOnlyList<X509Certificate> authorities, Func<string?> passphrase)
    {
        List<Finding> findings = [];
        foreach (var (file, certificate) in authorities.Zip([folder.AuthorityKey, folder.OldAuthorityKey], (certificate, file) => (file, certificate)))
        {
            if (Posix.Facts(file) is null)
            {
                findings.Add(new Finding(file, "missing: without it this CA signs and revokes nothing; put it back from a backup", Damage: true));
            }
            else if ((passphrase() is not null || !PemFile.IsEncrypted(file)) && Try(findings, file, () => PemFile.ReadKey(file, passphrase)) is { } key && !KeyKind.Fits(key, certificate.GetPublicKey()))
            {
                findings.Add(new Finding(file, $"does not belong to its certificate in {folder.Authority}; put back the two that belong together", Damage: true));
            }
        }

        if (authorities.Count == 1 && File.Exists(folder.OldAuthorityKey))
        {
            findings.Add(new Finding(folder.OldAuthorityKey, $"a key whose CA is not in {folder.Authority}; remove it if the CA was rotated out"));
        }

        return findings;
    }
}
