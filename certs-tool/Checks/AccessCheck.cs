using CertsTool.Folder;

namespace CertsTool.Checks;

/// <summary>Modes, owners and kinds of the folder's files: keys and folders are their owner's alone, and nobody else writes anything.</summary>
internal static class AccessCheck
{
    public static IEnumerable<Finding> Run(PkiFolder folder)
    {
        if (Posix.Facts(folder.In(".")) is not { } root)
        {
            yield break;
        }

        if (root.Owner != 0 && root.Owner != Posix.CurrentUser)
        {
            yield return new Finding(folder.Path, $"belongs to uid {root.Owner}, neither to root nor to you (uid {Posix.CurrentUser})");
        }

        foreach (var finding in One(folder.Path, PkiFolder.DirectoryMode, root, root.Owner))
        {
            yield return finding;
        }

        foreach (var (path, mode) in Expected(folder))
        {
            if (Posix.Facts(path) is { } facts)
            {
                foreach (var finding in One(path, mode, facts, root.Owner))
                {
                    yield return finding;
                }
            }
        }
    }

    /// <summary>Every path of the folder with the widest mode it may have.</summary>
    public static IEnumerable<(string Path, UnixFileMode Mode)> Expected(PkiFolder folder)
    {
        foreach (var key in new[] { folder.AuthorityKey, folder.OldAuthorityKey })
        {
            yield return (key, PkiFolder.KeyMode);
        }

        yield return (folder.Authority, PkiFolder.CertificateMode);
        yield return (folder.RevocationList, PkiFolder.CertificateMode);
        yield return (folder.Inventory, PkiFolder.InventoryMode);
        yield return (folder.LockFile, PkiFolder.InventoryMode);
        foreach (var directory in new[] { folder.In("clients"), folder.In("issued") })
        {
            yield return (directory, PkiFolder.DirectoryMode);
        }

        foreach (var bundle in folder.Bundles)
        {
            yield return (bundle.Path, PkiFolder.DirectoryMode);
            yield return (bundle.Key, PkiFolder.KeyMode);
            yield return (bundle.Certificate, PkiFolder.CertificateMode);
            yield return (bundle.Authority, PkiFolder.CertificateMode);
        }

        foreach (var file in KeptCertificates.Files(folder))
        {
            yield return (file, PkiFolder.CertificateMode);
        }
    }

    private static IEnumerable<Finding> One(string path, UnixFileMode mode, PathFacts facts, uint owner)
    {
        if (facts.Kind is PathKind.Link or PathKind.Other)
        {
            yield return new Finding(path, $"is {(facts.Kind == PathKind.Link ? "a link" : "no plain file")}, and the gateway follows none to a key; put the file itself there");
            yield break;
        }

        if (facts.Owner != owner)
        {
            yield return new Finding(path, $"belongs to uid {facts.Owner}, and the folder to uid {owner}; run: chown {owner} {path}");
        }

        // What the owner may do beyond the mode harms nobody; a certificate may be read by all, but written by none.
        var others = facts.Mode & PkiFolder.OthersMayAnything & ~mode;
        if (others != 0)
        {
            yield return new Finding(path, $"mode {Convert.ToString((int)facts.Mode, 8)} lets others in; run: chmod {Convert.ToString((int)mode, 8)} {path}{(mode != PkiFolder.KeyMode ? "" : Path.GetFileName(path) == "key.pem" ? "; whoever read it has the key: certs-tool renew, with --revoke-old" : "; whoever read it can make certificates: certs-tool rotate-ca")}");
        }
    }
}
