using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Folders of the host, as the engine sees them: some that roles are granted, each holding only what may be read, and one beside them,
/// whose content no answer may ever hold. Inside a user's own folder lie links that lead there.
/// </summary>
internal sealed class FuzzFolder : IDisposable
{
    private const string LocalAccount = "1000";

    private readonly string onThisHost;

    private FuzzFolder(string onThisHost) => this.onThisHost = onThisHost;

    public static string Root { get; } = $"/srv/gateway-fuzz-{Environment.ProcessId}";

    public static string Plain => Root + "/data";

    public static string Shared => Root + "/shared";

    public static string Inside(string user) => $"{Root}/inside/{user}";

    public static async Task<FuzzFolder> CreateAsync(GatewayHost host, IEnumerable<string> users, string secret)
    {
        var folder = new FuzzFolder(host.EngineRoot + Root);
        var made = await Run.Async("/bin/bash", ["-euc", $$"""
            umask 022
            mkdir -p {{folder.onThisHost}}/{data,secret/project,shared/a,inside}
            cd {{folder.onThisHost}}
            echo {{secret}} > secret/marker; echo {{secret}} > secret/project/marker; echo data > data/marker; echo shared > shared/a/marker
            for user in {{string.Join(' ', users)}}; do
              mkdir -p inside/$user/project; echo project > inside/$user/project/marker
              ln -s {{Root}}/secret inside/$user/out; ln -s ../../secret inside/$user/relative; ln -s {{Root}}/secret/marker inside/$user/project/link
              chown -hR {{LocalAccount}}:{{LocalAccount}} inside/$user
            done
            """]);
        return made.ExitCode == 0 ? folder : throw new InvalidOperationException(made.Whole);
    }

    public void Dispose() => Directory.Delete(onThisHost, recursive: true);
}
