using System.Diagnostics;
using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Swarm;

/// <summary>
/// A swarm of one node behind a gateway: an engine of Debian's in network, mount and process namespaces of its own, which end with
/// this process, however that ends. In the swarm is one object of each kind for each of <see cref="Owners"/>, made at the engine itself.
/// </summary>
public sealed class SwarmHost() : GatewayHost("swarm")
{
    /// <summary>Whose label an object carries: alice's, and nobody's.</summary>
    public static readonly string[] Owners = ["alice", "none"];

    /// <summary>The role read-only, over everybody's objects.</summary>
    public const string Onlooker = "onlooker";

    public const string Network = "swarm-net";

    private readonly string engineFolder = $"/var/tmp/gateway-e2e-swarm-{Guid.NewGuid():N}";
    private Process? engine;

    /// <summary>Ids of all that the swarm has, and its join tokens: what no answer to a developer may hold.</summary>
    public List<string> Words { get; } = [];

    /// <summary>The id of each object: <c>services/alice</c>, <c>tasks/none</c>, <c>nodes/</c>.</summary>
    public Dictionary<string, string> Ids { get; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Engine("swarm init --advertise-addr 127.0.0.1");
        Ids["networks/"] = await Engine($"network create -d overlay --attachable {Network}");
        foreach (var owner in Owners)
        {
            var label = owner == "none" ? "" : $"--label gateway.owner={owner}";
            Ids["services/" + owner] = await Engine($"service create -q -d --no-resolve-image --name service-{owner} {label} --network {Network} busybox sleep 900");
            Ids["secrets/" + owner] = (await Run.Async("docker", ["-H", "unix://" + EngineSocket, "secret", "create", .. Split(label), $"secret-{owner}", "-"], "secret"u8.ToArray())).Output.Trim();
            Ids["configs/" + owner] = (await Run.Async("docker", ["-H", "unix://" + EngineSocket, "config", "create", .. Split(label), $"config-{owner}", "-"], "config"u8.ToArray())).Output.Trim();
        }

        foreach (var owner in Owners)
        {
            Ids["tasks/" + owner] = await this.UntilAsync(() => Engine($"service ps -q --no-trunc --filter desired-state=running service-{owner}"), task => task.Length > 0);
            Ids["containers/" + owner] = await this.UntilAsync(() => Engine($"ps -q --no-trunc --filter label=com.docker.swarm.task.id={Ids["tasks/" + owner]}"), container => container.Length > 0);
        }

        Ids["nodes/"] = await Engine("node ls -q");
        Words.AddRange([.. Ids.Values, await Engine("swarm join-token -q worker"), await Engine("swarm join-token -q manager"), await Engine("info --format {{.Swarm.Cluster.ID}}")]);
        await CertsToolAsync("client", Onlooker);
        await this.WritePolicyAsync("onlooker.yaml", $"version: 1\nusers:\n  {Onlooker}: {{roles: [read-only]}}\n");
        await this.UntilAsync(() => Docker(Onlooker, "version"), result => result.ExitCode == 0);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Engine("service rm service-alice service-none");
        await Engine("swarm leave --force");
        await Engine(["rm", "-f", "-v", .. Split((await Engine("ps -aq")).Replace('\n', ' '))]);
        engine?.StandardInput.Close();
        await (engine?.WaitForExitAsync() ?? Task.CompletedTask);
        engine?.Dispose();
    }

    /// <summary>The engine ends when its first process reads the end of its input, which is also what it sees of a test run that was killed.</summary>
    private protected override async Task<string> StartEngineAsync()
    {
        engine = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $$"""
            unshare --net --mount --pid --fork --kill-child --mount-proc /bin/bash -c 'ip link set lo up; /bin/bash "$0" start debian "$1/engine"; cat >&2' {{EngineScript}} {{engineFolder}}
            rm -rf {{engineFolder}}
            """])
        { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return await engine.StandardOutput.ReadLineAsync() is { Length: > 0 } socket ? socket : throw new InvalidOperationException("the swarm's engine did not start");
    }

    private static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
