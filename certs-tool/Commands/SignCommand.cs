using System.CommandLine;
using CertsTool.Certificates;
using CertsTool.Folder;
using Org.BouncyCastle.X509;

namespace CertsTool.Commands;

/// <summary><c>sign FILE.csr</c>: a certificate for a key that never came here.</summary>
internal static class SignCommand
{
    public static Command Create(CommonOptions common)
    {
        var file = new Argument<string>("FILE.csr") { Description = "the request, PEM or DER" };
        var kind = new Option<string>("--as") { HelpName = "client|server", Description = "what the certificate is for", Required = true };
        var name = new Option<string>("--name") { HelpName = "NAME", Description = "the holder's name (default: the CN of the request's subject)" };
        var renew = new Option<bool>("--renew") { Description = "in the place of the holder's certificate that was signed before" };
        return common.Make(
            "sign", "Signs a request, so that the private key never travels", "certs-tool sign alice.csr --as client\ncerts-tool sign docker.csr --as server --host docker.example.com", [file, kind, name, common.Host, common.Groups, common.Valid, renew, common.PassphraseFile], result =>
            {
                var request = CertificateRequest.Read(result.GetValue(file)!);
                var folder = common.Folder(result);
                var wanted = CommonOptions.Text(result, kind) switch
                {
                    "client" => Client(common, result, folder, request, CommonOptions.Text(result, name)),
                    "server" => Server(common, result, folder, request, CommonOptions.Text(result, name)),
                    var other => throw new ToolException(ToolException.Usage, $"--as is client or server, not \"{Terminal.Plain(other ?? "")}\""),
                };
                return Sign(common, folder, wanted, request, result.GetValue(renew), common.Passphrase(result));
            });
    }

    private static WantedCertificate Client(CommonOptions common, ParseResult result, PkiFolder folder, CertificateRequest request, string? given)
    {
        var name = Names.CheckClient(given ?? request.Name ?? throw NoName());
        IssueCommands.WarnOfName(common.Session.Terminal, name);
        return (result.GetValue(common.Host) ?? []).Length > 0
            ? throw new ToolException(ToolException.Usage, "--host is for --as server: a client's certificate has no hosts")
            : new WantedCertificate(folder.Bundle("client", name), Holder.Client(name, common.GroupNames(result)), request.Key, null, common.Validity(result) ?? CertificateProfile.Client.Validity);
    }

    private static WantedCertificate Server(CommonOptions common, ParseResult result, PkiFolder folder, CertificateRequest request, string? given)
    {
        if (result.GetValue(common.Groups) is not null)
        {
            throw new ToolException(ToolException.Usage, "--groups is for --as client: a server is in no group");
        }

        var hosts = common.Hosts(result);
        IReadOnlyList<string> names = given is not null ? [.. hosts.Prepend(Names.CheckHost(given)).Distinct()] : hosts.Count > 0 ? hosts : [Names.CheckHost(request.Name ?? throw NoName())];
        return new WantedCertificate(folder.Server, Holder.Server(names), request.Key, null, common.Validity(result) ?? CertificateProfile.Server.Validity);
    }

    private static int Sign(CommonOptions common, PkiFolder folder, WantedCertificate wanted, CertificateRequest request, bool renew, Func<string?> passphrase)
    {
        var terminal = common.Session.Terminal;
        var bundle = wanted.Bundle;
        var now = common.Session.SigningTime;
        X509Certificate? made = null;
        using (FolderLock.Take(folder, terminal))
        {
            var inventory = Inventory.Read(folder);
            var authorities = Authorities.Load(folder, passphrase);
            CheckKey(request, bundle, inventory);
            var replaces = renew && File.Exists(bundle.Certificate);
            if (replaces && File.Exists(bundle.Key))
            {
                throw new ToolException(ToolException.Usage, $"{bundle.Key} exists: that key was made here, and a certificate for another would not fit it\nrenew it with: certs-tool renew {bundle.Argument}");
            }

            FolderChange.Make(folder, change =>
            {
                var issuing = new Issuing(folder, authorities, change, now);
                (made, inventory) = replaces ? issuing.Replace(wanted, inventory) : issuing.Add(wanted, inventory);
                change.Put(folder.Inventory, inventory.Text(), PkiFolder.InventoryMode);
            });
        }

        terminal.Print($"signed {bundle.Certificate} for {(bundle.Kind == "server" ? string.Join(", ", CertificateFacts.Hosts(made!)) : $"\"{bundle.Name}\"")}, valid until {CertificateFacts.NotAfter(made!):yyyy-MM-dd}");
        if (request.Ignored.Count > 0)
        {
            terminal.Print($"ignored what else the request asks for: {string.Join(", ", request.Ignored)}");
        }

        terminal.Print(bundle.Kind == "server"
            ? $"next: put it beside its key.pem, and start the gateway with --tlscacert {folder.Authority} --tlscert cert.pem --tlskey key.pem --crl {folder.RevocationList}"
            : $"next: send {bundle.Path} back: with the holder's own key.pem beside it, it is a DOCKER_CERT_PATH");
        return 0;
    }

    /// <summary>A key says who somebody is, so nobody shares one, and one that leaked never comes back.</summary>
    private static void CheckKey(CertificateRequest request, Bundle bundle, Inventory inventory)
    {
        var spki = CertificateFacts.Spki(request.Key);
        foreach (var entry in inventory.Certificates.Where(entry => entry.Spki == spki))
        {
            if (entry.Reason == RevocationReason.KeyCompromise)
            {
                throw new ToolException(ToolException.Usage, $"refused: this key was revoked as compromised on {entry.Revoked:yyyy-MM-dd}\nmake the request again with a new key");
            }

            if (entry.Kind != bundle.Kind || entry.Name != bundle.Name)
            {
                throw new ToolException(ToolException.Usage, $"refused: this key is that of {(entry.Kind == "ca" ? "the CA" : $"{entry.Kind} \"{entry.Name}\"")} already\nmake the request again with a key of its own");
            }
        }
    }

    private static ToolException NoName() => new(ToolException.Usage, "the request's subject has not exactly one plain CN\ngive the holder's name with --name NAME");
}
