using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Commands;

/// <summary><c>server</c> and <c>client NAME</c>: one more certificate.</summary>
internal static class IssueCommands
{
    public static Command CreateServer(CommonOptions common) => common.Make(
        "server", "Makes the server's certificate (for this machine's name and loopback unless --host is given)", "certs-tool server --host docker.example.com --host 192.0.2.7", [common.Host, common.PassphraseFile, common.Key], result =>
        {
            var folder = common.Folder(result);
            var hosts = common.Hosts(result) is { Count: > 0 } given ? given : Issuing.DefaultHosts();
            var wanted = WantedCertificate.WithNewKey(folder.Server, Holder.Server(hosts), common.KeyKindOf(result), CertificateProfile.Server.Validity);
            var certificate = Add(common, folder, wanted, common.Passphrase(result));
            common.Session.Terminal.Print($"made {folder.Server.Path} for {string.Join(", ", hosts)}, valid until {CertificateFacts.NotAfter(certificate):yyyy-MM-dd}");
            common.Session.Terminal.Print($"next: gateway serve --pki {folder.Path} --policies DIR");
            return 0;
        });

    public static Command CreateClient(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "the user's name: 1 to 64 of a-z A-Z 0-9 . _ -" };
        var stub = new Option<bool>("--policy-stub") { Description = "print nothing but the entry for the policy's users" };
        return common.Make(
            "client", "Makes a client's bundle: a DOCKER_CERT_PATH (90 days unless --valid says otherwise)", "certs-tool client alice --valid 30d --groups oncall", [name, common.Valid, common.Groups, stub, common.PassphraseFile, common.Key], result =>
            {
                var terminal = common.Session.Terminal;
                var folder = common.Folder(result);
                var client = Names.CheckClient(result.GetValue(name)!);
                var groups = common.GroupNames(result);
                WarnOfName(terminal, client);
                var validity = common.Validity(result) ?? CertificateProfile.Client.Validity;
                var bundle = folder.Bundle("client", client);
                var wanted = WantedCertificate.WithNewKey(bundle, Holder.Client(client, groups), common.KeyKindOf(result), validity);
                var certificate = Add(common, folder, wanted, common.Passphrase(result));
                if (result.GetValue(stub))
                {
                    terminal.Note($"made {bundle.Path}, valid until {CertificateFacts.NotAfter(certificate):yyyy-MM-dd}");
                    terminal.Print(PolicyStub.Of(client, groups, CertificateFacts.Spki(certificate)));
                    return 0;
                }

                terminal.Print($"made {bundle.Path}, valid until {CertificateFacts.NotAfter(certificate):yyyy-MM-dd}");
                terminal.Print($"next: give {client} that folder as DOCKER_CERT_PATH, and a role in the policy; or: certs-tool context {client} --host tcp://HOST:2376");
                return 0;
            });
    }

    public static void WarnOfName(Terminal terminal, string name)
    {
        if (!Names.GatewayKnows(name))
        {
            terminal.Note($"warning: the gateway knows no user \"{name}\": it takes a-z 0-9 . _ - only, starting with a letter or digit");
        }
    }

    /// <summary>Says so where the CA's own end cut a certificate short.</summary>
    public static void WarnOfEnd(Terminal terminal, X509Certificate certificate, X509Certificate authority)
    {
        if (certificate.NotAfter >= authority.NotAfter)
        {
            terminal.Note($"warning: it ends together with the CA, on {CertificateFacts.NotAfter(authority):yyyy-MM-dd}\nmake a new CA beside it with: certs-tool rotate-ca");
        }
    }

    /// <summary>Makes one bundle, with everything that belongs to it, under the folder's lock.</summary>
    public static X509Certificate Add(CommonOptions common, PkiFolder folder, WantedCertificate wanted, Func<string?> passphrase)
    {
        var now = common.Session.SigningTime;
        using var held = FolderLock.Take(folder, common.Session.Terminal);
        var inventory = Inventory.Read(folder);
        var authorities = Authorities.Load(folder, passphrase);
        X509Certificate? made = null;
        FolderChange.Make(folder, change =>
        {
            (made, inventory) = new Issuing(folder, authorities, change, now).Add(wanted, inventory);
            change.Put(folder.Inventory, inventory.Text(), PkiFolder.InventoryMode);
        });
        WarnOfEnd(common.Session.Terminal, made!, authorities.For(wanted.Bundle.Kind, now).Certificate);
        return made!;
    }
}
