using System.CommandLine;

namespace CertsTool.Commands;

/// <summary><c>server</c> and <c>client NAME</c>: one more certificate.</summary>
internal static class IssueCommands
{
    public static Command CreateServer(CommonOptions common)
    {
        var command = new Command("server", "Makes the server's certificate. Example: certs-tool server --host docker.example.com")
        {
            common.Dir, common.Host, common.PassphraseFile, common.Key,
        };
        command.SetAction(result => Terminal.Run(() =>
        {
            var options = common.Issue(result);
            var authority = CertificateAuthority.Load(options.Folder, options.Passphrase);
            using var held = options.Folder.Lock();
            Issuing.Server(options, authority, common.Hosts(result));
            Terminal.Print($"made {options.Folder.Bundle("server", "server")}");
            return 0;
        }));
        return command;
    }

    public static Command CreateClient(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "the user's name: 1 to 64 of a-z A-Z 0-9 . _ -" };
        var valid = new Option<string>("--valid") { Description = "how long, as in 30d (default 90d)" };
        var groups = new Option<string>("--groups") { Description = "groups, separated by commas" };
        var stub = new Option<bool>("--policy-stub") { Description = "print the entry for the policy's users" };
        var command = new Command("client", "Makes a client's bundle: a DOCKER_CERT_PATH. Example: certs-tool client alice --valid 30d --groups oncall")
        {
            name, valid, groups, stub, common.Dir, common.PassphraseFile, common.Key,
        };
        command.SetAction(result => Terminal.Run(() =>
        {
            var options = common.Issue(result);
            var client = PkiFolder.CheckName(result.GetValue(name)!);
            var list = (result.GetValue(groups) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(PkiFolder.CheckName).ToList();
            var validity = result.GetValue(valid) is { Length: > 0 } text ? CommonOptions.Duration(text) : CertificateProfile.Client.Validity;
            var authority = CertificateAuthority.Load(options.Folder, options.Passphrase);
            using var held = options.Folder.Lock();
            var issued = Issuing.Client(options, authority, client, list, validity);
            Terminal.Print($"made {options.Folder.Bundle("client", client)}, valid until {issued.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
            if (result.GetValue(stub))
            {
                Terminal.Print($"users:\n  {client}: {{roles: [developer]}}");
            }

            return 0;
        }));
        return command;
    }
}
