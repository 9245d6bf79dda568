using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;

namespace CertsTool.Commands;

/// <summary><c>init</c>: the CA, the server's certificate, client bundles and an empty revocation list, all or nothing.</summary>
internal static class InitCommand
{
    public static Command Create(CommonOptions common)
    {
        var clients = new Option<string[]>("--client") { HelpName = "NAME", Description = "a client to make a bundle for; may be given several times" };
        return common.Make(
            "init", "Makes a CA with its first certificates (the server's for this machine's name and loopback unless --host is given)", "certs-tool init --host docker.example.com --client alice", [common.Host, clients, common.PassphraseFile, common.Key], result => Init(common, result, result.GetValue(clients) ?? []));
    }

    private static int Init(CommonOptions common, ParseResult result, IReadOnlyList<string> clients)
    {
        var terminal = common.Session.Terminal;
        var folder = common.Folder(result);
        var kind = common.KeyKindOf(result);
        var hosts = common.Hosts(result) is { Count: > 0 } given ? given : Issuing.DefaultHosts();
        var now = common.Session.SigningTime;
        List<string> names = [.. clients.Select(Names.CheckClient).Distinct()];
        names.ForEach(name => IssueCommands.WarnOfName(terminal, name));
        _ = Names.CommonName(hosts);
        var passphrase = CommonOptions.Text(result, common.PassphraseFile) is { } file ? common.ReadPassphrase(file) : null;
        CheckEmpty(folder);
        using (FolderLock.TakeNew(folder, terminal))
        {
            CheckEmpty(folder);
            var authority = CertificateAuthority.Create(kind, $"docker-gateway CA {now:yyyy-MM-dd}", now);
            var authorities = Authorities.Of(authority);
            FolderChange.Make(folder, change =>
            {
                var issuing = new Issuing(folder, authorities, change, now);
                var inventory = new Inventory(1, [InventoryEntry.Of("ca", "ca", authority.Certificate, authority.Id)]);
                change.Put(folder.AuthorityKey, PemFile.Key(authority.Key, passphrase), PkiFolder.KeyMode);
                issuing.Keep(authority.Certificate);
                (_, inventory) = issuing.Add(WantedCertificate.WithNewKey(folder.Server, Holder.Server(hosts), kind, CertificateProfile.Server.Validity), inventory);
                foreach (var name in names)
                {
                    (_, inventory) = issuing.Add(WantedCertificate.WithNewKey(folder.Bundle("client", name), Holder.Client(name, []), kind, CertificateProfile.Client.Validity), inventory);
                }

                var lists = RevocationLists.Sign(folder, authorities, inventory, now, RevocationLists.FirstValidity);
                change.Put(folder.Authority, authorities.Pem, PkiFolder.CertificateMode);
                change.Put(folder.RevocationList, lists.Pem, PkiFolder.CertificateMode);
                change.Put(folder.Inventory, (inventory with { CrlNumber = lists.Number }).Text(), PkiFolder.InventoryMode);
            });
        }

        terminal.Print($"made a CA, a server certificate for {string.Join(", ", hosts)} and {names.Count} client bundle(s) in {folder.Path}");
        terminal.Print($"next: gateway serve --pki {folder.Path} --policies DIR");
        return 0;
    }

    /// <summary>What a killed run has not decided counts as nothing.</summary>
    private static void CheckEmpty(PkiFolder folder)
    {
        if (File.Exists(folder.Path))
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} is a file, not a folder");
        }

        if (Directory.Exists(folder.Path) && Directory.EnumerateFileSystemEntries(folder.Path).Order(StringComparer.Ordinal).FirstOrDefault(entry => entry != folder.LockFile && entry != folder.Preparing) is { } first)
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} holds something already ({Path.GetFileName(first)}); nothing is overwritten\nlook at it with: certs-tool verify --dir {folder.Path}");
        }
    }
}
