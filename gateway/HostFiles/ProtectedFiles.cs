namespace Gateway.HostFiles;

/// <summary>This gateway's own files and folders: sockets, keys, policies, audit log, as the gateway sees them (threats, rule B9; I24).</summary>
internal sealed record ProtectedFiles(IReadOnlyList<string> Paths)
{
    private const string InventoryOfCertsTool = "inventory.json";

    /// <param name="keys">Certificates, keys and revocation list; a folder that certs-tool made is protected as a whole.</param>
    /// <param name="others">Policies, audit log, configuration, sockets.</param>
    public static ProtectedFiles Of(IEnumerable<string?> keys, IEnumerable<string?> others) => new(
        [.. keys.OfType<string>().SelectMany(key => FolderOfKeys(key) is { } folder ? new[] { Path.GetFullPath(key), folder } : [Path.GetFullPath(key)])
            .Concat(others.OfType<string>().Select(Path.GetFullPath)).Distinct()]);

    private static string? FolderOfKeys(string key)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(key)); folder is { Length: > 1 }; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, InventoryOfCertsTool)))
            {
                return folder;
            }
        }

        return null;
    }
}
