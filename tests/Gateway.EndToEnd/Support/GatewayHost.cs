using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Gateway.EndToEnd.Attacks;
using Gateway.EndToEnd.Isolation;
using Xunit;

namespace Gateway.EndToEnd.Support;

/// <summary>Debian's engine behind a gateway.</summary>
public sealed class DebianHost() : GatewayHost("debian");

/// <summary>A current engine behind a gateway.</summary>
public sealed class ModernHost() : GatewayHost("modern");

/// <summary>
/// A real engine (<c>GATEWAY_TEST_ENGINE_MODERN</c>, or <c>_DEBIAN</c>, names the socket of another one), certificates made by certs-tool, and the gateway as its own process with the shipped policies. What is made
/// is taken away again: the gateway by its process, files by folder, objects by their owners' label.
/// </summary>
public abstract class GatewayHost(string kind) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-e2e-").FullName;
    private static readonly SemaphoreSlim OneStart = new(1, 1);
    private GatewayProcess? gateway;

    public int Port { get; } = FreePort();

    // Rules on labels, which no shipped role has.
    private const string Watcher = """
        version: 1
        roles:
          watcher:
            rules:
              - {id: watch, allow: [SystemPing, SystemPingHead, SystemVersion, ContainerList, ContainerInspect], on: {label: {watch: "yes"}}}
              - {id: networks, allow: [NetworkList, NetworkInspect], on: all}
              - {id: hide, deny: [ContainerList, ContainerInspect], on: {label: {hide: "yes"}}}

        """;

    /// <summary>Users of the shipped roles beside admin and developer.</summary>
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["olga"] = "operator",
        ["rita"] = "read-only",
        ["mona"] = "monitoring",
        ["ciro"] = "ci-builder",
        ["paul"] = "reverse-proxy",
    };

    public string Kind => kind;

    /// <summary>The folder of the policies that the gateway runs with.</summary>
    public string Policies => Path.Combine(folder, "policies");

    public string EngineSocket { get; private set; } = "";

    /// <summary>Where the engine's own root lies on this host: an engine that runs in a changed root sees its files below it.</summary>
    public string EngineRoot => EngineSocket.LastIndexOf("/var/tmp/", StringComparison.Ordinal) is > 0 and var below ? EngineSocket[..below] : "";

    public string ShippedPolicy(string name) => Path.Combine(Repository, "policies", name + ".yaml");

    /// <summary>The docker command that comes with this engine's generation.</summary>
    public string OwnClient { get; private set; } = "";

    public string AuditLog => Path.Combine(folder, "audit.log");

    public string Log => gateway?.Log ?? "";

    public virtual async ValueTask InitializeAsync()
    {
        // Two engines that start at once would fight over docker0 and over the package manager.
        await OneStart.WaitAsync();
        try
        {
            EngineSocket = await StartEngineAsync();
        }
        finally
        {
            OneStart.Release();
        }

        await Must("dotnet", [Built("certs-tool.dll"), "init", "--dir", Pki, "--host", "127.0.0.1", "--host", "localhost", "--client", "alice", "--client", "bob", "--client", "boss", "--client", "nobody", "--client", "carol", "--client", "dora", "--client", "dave", "--client", "erin", "--client", "victor", "--client", "mallory", .. Roles.Keys.SelectMany(user => (string[])["--client", user]), .. NarrowRoles.Users.SelectMany(user => (string[])["--client", user])]);
        var policies = Directory.CreateDirectory(Policies).FullName;
        foreach (var name in (string[])["admin", "developer", .. Roles.Values])
        {
            File.Copy(ShippedPolicy(name), Path.Combine(policies, name + ".yaml"));
        }

        File.WriteAllText(Path.Combine(policies, "users.yaml"), "version: 1\nusers:\n  alice: {roles: [developer]}\n  bob: {roles: [developer]}\n  boss: {roles: [admin]}\n  dora: {roles: [watcher]}\n" + string.Concat(Roles.Select(role => $"  {role.Key}: {{roles: [{role.Value}]}}\n")));
        await File.WriteAllTextAsync(Path.Combine(policies, "watcher.yaml"), Watcher);
        await File.WriteAllTextAsync(Path.Combine(policies, "binds.yaml"), BindFolder.Policy);
        await File.WriteAllTextAsync(Path.Combine(policies, "quota.yaml"), QuotaTests.Policy);
        await File.WriteAllTextAsync(Path.Combine(policies, "unix.yaml"), UnixListenerTests.Policy);
        await File.WriteAllTextAsync(Path.Combine(policies, "isolation.yaml"), Victim.Policy);
        await File.WriteAllTextAsync(Path.Combine(policies, "narrow.yaml"), NarrowRoles.Policy);
        var client = (await Must("/bin/bash", EngineScript, "client", "modern")).Output.Trim();
        OwnClient = kind == "modern" ? client : DistributionsClient;
        Directory.CreateDirectory(ClientFolder);
        File.CreateSymbolicLink(Path.Combine(ClientFolder, "cli-plugins"), client.Replace("/bin/docker", "/libexec/docker/cli-plugins", StringComparison.Ordinal));
        await CleanAsync();

        // Through to the socket, for other accounts; what is beside it stays closed to them.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        gateway = await StartGatewayAsync(Port, AuditLog, "-H", "unix://" + UnixSocket, "--group", "daemon");
    }

    /// <summary>Gives the engine's socket.</summary>
    private protected virtual async Task<string> StartEngineAsync() => System.Environment.GetEnvironmentVariable($"GATEWAY_TEST_ENGINE_{kind.ToUpperInvariant()}")
        ?? (await Must("/bin/bash", EngineScript, "start", kind)).Output.Trim().Split('\n')[^1];

    public virtual async ValueTask DisposeAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        await CleanAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    public string ClientFile(string user, string name) => Path.Combine(Pki, "clients", user, name);

    public string ServerCertificate => Path.Combine(Pki, "server", "cert.pem");

    /// <summary>The real docker client, as a user.</summary>
    internal Task<RunResult> Docker(string user, string line, byte[]? input = null) =>
        Run.Async("docker", Words(line), input, Environment(user));

    internal Task<RunResult> Shell(string user, string script) => Run.Async("/bin/bash", ["-c", script], null, Environment(user));

    internal Dictionary<string, string> Environment(string user) => new()
    {
        ["DOCKER_HOST"] = $"tcp://127.0.0.1:{Port}",
        ["DOCKER_TLS_VERIFY"] = "1",
        ["DOCKER_CERT_PATH"] = Path.Combine(Pki, "clients", user),
        ["DOCKER_BUILDKIT"] = "0",
        ["DOCKER_CONFIG"] = ClientFolder,
    };

    /// <summary>The client's own settings: none but the plugins that come with the current engine (compose).</summary>
    private string ClientFolder => Path.Combine(folder, "docker");

    /// <summary>The engine itself, past the gateway: what really happened.</summary>
    internal Task<string> Engine(string line) => Engine(Words(line));

    internal async Task<string> Engine(params string[] words) => (await Run.Async("docker", ["-H", "unix://" + EngineSocket, .. words])).Output.Trim();

    private static string Repository => Path.GetFullPath(Path.Combine(Here(), "../../.."));

    private protected static string EngineScript => Path.Combine(Repository, "../shared/engine/engine.sh");

    public string Pki => Path.Combine(folder, "pki");

    /// <summary>Where the gateway listens for local accounts; the group daemon may connect.</summary>
    public string UnixSocket => Path.Combine(folder, "unix", "docker.sock");

    private string ControlSocket(int port) => Path.Combine(folder, "control", $"{port}.sock");

    /// <summary>certs-tool on this gateway's folder, unless the arguments name another.</summary>
    internal Task<RunResult> CertsToolAsync(params string[] arguments) =>
        Must("dotnet", [Built("certs-tool.dll"), .. arguments, .. arguments.Contains("--dir") ? (string[])[] : ["--dir", Pki]]);

    internal Task<RunResult> StatusAsync() => StatusOfAsync(Port);

    internal Task<RunResult> StatusOfAsync(int port) => Run.Async("dotnet", [Built("gateway.dll"), "status", "--control-socket", ControlSocket(port)]);

    internal static string Built(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    /// <summary>The docker.io package's, even where another stands before it in PATH.</summary>
    private const string DistributionsClient = "/usr/bin/docker";

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<RunResult> Must(string program, params string[] arguments)
    {
        var result = await Run.Async(program, arguments);
        return result.ExitCode == 0 ? result : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.Whole}");
    }

    /// <summary>One more gateway before the same engine, with the same policies and certificates.</summary>
    internal Task<GatewayProcess> StartAnotherAsync() => StartGatewayAsync(FreePort(), Path.Combine(folder, $"audit-{Guid.NewGuid():N}.log"));

    /// <summary>The same with an audit log and flags of its own.</summary>
    internal Task<GatewayProcess> StartAnotherAsync(string auditLog, params string[] more) => StartGatewayAsync(FreePort(), auditLog, more);

    private Task<GatewayProcess> StartGatewayAsync(int port, string auditLog, params string[] more) => GatewayProcess.StartAsync(
        port, [Built("gateway.dll"), "serve", "-H", $"tcp://127.0.0.1:{port}", "--engine", "unix://" + EngineSocket, "--policies", Policies, "--pki", Pki, "--audit-log", auditLog, "--control-socket", ControlSocket(port), .. more]);

    private async Task CleanAsync()
    {
        foreach (var user in (string[])["alice", "bob", "boss", "carol", "dave", "erin", "leaver", "mover", "local", "novice", "ciro"])
        {
            var label = $"label=gateway.owner={user}";
            await RemoveAsync(await Engine($"ps -aq --filter {label}"), "rm -f -v");
            await RemoveAsync(await Engine($"volume ls -q --filter {label}"), "volume rm -f");
            await RemoveAsync(await Engine($"network ls -q --filter {label}"), "network rm");
        }
    }

    private async Task RemoveAsync(string ids, string command)
    {
        foreach (var id in Words(ids.Replace('\n', ' ')))
        {
            await Engine($"{command} {id}");
        }
    }
}
