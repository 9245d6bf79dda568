using System.CommandLine;

namespace CertsTool.Commands;

/// <summary><c>init</c>: the CA, the server's certificate, client bundles and an empty revocation list, all or nothing.</summary>
internal static class InitCommand
{
    public static Command Create(CommonOptions common)
    {
        var clients = new Option<string[]>("--client") { Description = "a client to make a bundle for, several times" };
        var command = new Command("init", "Makes a CA with its first certificates. Example: certs-tool init --host docker.example.com --client alice")
        {
            common.Dir, common.Host, clients, common.PassphraseFile, common.Key,
        };
        command.SetAction(result => Terminal.Run(() => Init(common.Issue(result), common.Hosts(result), result.GetValue(clients) ?? [])));
        return command;
    }

    private static int Init(IssueOptions options, IReadOnlyList<string> hosts, IReadOnlyList<string> clients)
    {
        var folder = options.Folder;
        foreach (var client in clients)
        {
            PkiFolder.CheckName(client);
        }

        if (Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Any())
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} holds something already ({Path.GetFileName(Directory.EnumerateFileSystemEntries(folder.Path).First())}); nothing is overwritten");
        }

        // Built beside and renamed: a run that fails halfway leaves nothing that stands in the next one's way.
        var building = new PkiFolder($"{folder.Path}.{Environment.ProcessId}.new");
        try
        {
            Build(options with { Folder = building }, hosts, clients);
            PkiFolder.MakeDirectory(Path.GetDirectoryName(folder.Path)!);
            if (Directory.Exists(folder.Path))
            {
                Directory.Delete(folder.Path);
            }

            Directory.Move(building.Path, folder.Path);
        }
        finally
        {
            if (Directory.Exists(building.Path))
            {
                Directory.Delete(building.Path, recursive: true);
            }
        }

        Terminal.Print($"made a CA, a server certificate and {clients.Distinct().Count()} client bundle(s) in {folder.Path}");
        Terminal.Print($"next: gateway serve --pki {folder.Path} --policies DIR");
        return 0;
    }

    private static void Build(IssueOptions options, IReadOnlyList<string> hosts, IReadOnlyList<string> clients)
    {
        var now = DateTimeOffset.UtcNow;
        var authority = CertificateAuthority.Create(options.Key, now);
        PkiFolder.Write(options.Folder.AuthorityKey, PemFile.Key(authority.Key, options.Passphrase), PkiFolder.KeyMode, replace: false);
        PkiFolder.Write(options.Folder.Authority, PemFile.Certificate(authority.Certificate), PkiFolder.CertificateMode, replace: false);
        PkiFolder.Write(options.Folder.RevocationList, PemFile.RevocationList(authority.RevocationList([], now, Issuing.FirstListValidity)), PkiFolder.CertificateMode, replace: false);
        new Inventory(1, [CertificateAuthority.Entry("ca", "ca", authority.Certificate)]).Write(options.Folder);
        Issuing.Server(options, authority, hosts);
        foreach (var client in clients.Distinct())
        {
            Issuing.Client(options, authority, client, [], CertificateProfile.Client.Validity);
        }
    }
}
