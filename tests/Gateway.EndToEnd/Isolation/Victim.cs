using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Fuzzing;
using Gateway.EndToEnd.Support;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Isolation;

/// <summary>
/// One user's objects of every kind, made through the gateway, with words in all places that an answer could repeat; and the
/// mallory who asks for them, with a container and a network of the same kinds.
/// </summary>
internal sealed partial class Victim(GatewayHost host) : IAsyncDisposable
{
    /// <summary>The roles of victor and mallory: every operation on what is own, so that no refusal hides what is behind it.</summary>
    public const string Policy = """
        version: 1
        roles:
          owner:
            rules: [{id: own, allow: ["*"]}]
            grants:
              images: ["docker.io/library/*", "localhost/${user}/*"]
              networks: [bridge, none, own, isolation-shared]
              publish: {addresses: [127.0.0.1], ports: 20000-29999}
              registries: [localhost]
        users:
          victor: {roles: [owner]}
          mallory: {roles: [owner]}

        """;

    public const string Attacker = "mallory";
    public const string Shared = "isolation-shared";
    public const string Port = "20717";
    private const string User = "victor";
    private readonly EngineProbe engine = new(host.EngineSocket);
    private readonly List<string> paths = [];

    /// <summary>For each kind, how its object can be called; a kind without one has a name that stands for nothing.</summary>
    public Dictionary<ObjectKind, IReadOnlyList<string>> Names { get; } = [];

    /// <summary>What no answer to anybody else may hold.</summary>
    public List<string> Words { get; } = [];

    public async Task MakeAsync()
    {
        await ClearAsync();
        var secret = "zq" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        await host.Engine($"network create --label gateway.owner=boss {Shared}");
        await host.Docker(User, $"network create --label word={secret} victor-net");
        await host.Docker(User, $"volume create --label word={secret} victor-vol");
        var id = (await host.Docker(User, $"run -d --name victor-c --network {Shared} --label word={secret} -e WORD={secret} -p 127.0.0.1:{Port}:80 -v victor-vol:/d busybox sleep 900")).Output.Trim();
        await host.Docker(User, "network connect victor-net victor-c");
        var stopped = (await host.Docker(User, $"create --name victor-s -v victor-vol:/d busybox echo {secret}")).Output.Trim();
        var image = (await host.Docker(User, $"commit -m {secret} victor-c localhost/victor/x:1")).Output.Trim();
        var exec = Id().Match(await RawClient.JsonAsync(host, User, $"/containers/{id}/exec", $$"""{"Cmd":["echo","{{secret}}"]}""")).Value;
        foreach (var line in (string[])[$"network create {NamedPlaces.OwnNetwork}", $"run -d --name {NamedPlaces.OwnContainer} --network {Shared} busybox sleep 900", "tag busybox localhost/mallory/own:1"])
        {
            await host.Docker(Attacker, line);
        }

        // A second name, of victor's, for an image that everybody may read.
        await host.Docker(User, "tag busybox localhost/victor/y:1");
        var network = await host.Engine("network inspect -f {{.Id}} victor-net");
        if (id.Length != 64 || stopped.Length != 64 || network.Length != 64 || exec.Length != 64 || !image.StartsWith("sha256:", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"victor's objects were not made: {id}, {stopped}, {network}, {exec}, {image}");
        }

        Names[ObjectKind.Container] = ["victor-c", "victor-s", id, id[..12], id[..7], id[..63], stopped];
        Names[ObjectKind.Network] = ["victor-net", network, network[..12], network[..7]];
        Names[ObjectKind.Volume] = ["victor-vol"];
        Names[ObjectKind.Image] = ["localhost/victor/x:1", "localhost/victor/y:1", image, image[7..], image[7..19]];
        Names[ObjectKind.Exec] = [exec];
        paths.AddRange([$"/containers/{id}/json", $"/containers/{stopped}/json", $"/networks/{network}", "/volumes/victor-vol", "/images/localhost/victor/x:1/json", "/images/localhost/victor/y:1/json", $"/exec/{exec}/json"]);
        Words.AddRange([secret, "victor", id, id[..12], stopped, stopped[..12], network, network[..12], exec, image[7..], image[7..19]]);
        await MakeOfSwarmAsync(secret);
        foreach (var endpoint in (await engine.GetAsync(paths[0])).GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Select(n => n.Value))
        {
            Words.AddRange(((string[])["EndpointID", "IPAddress", "MacAddress"]).Select(member => endpoint.GetProperty(member).GetString()!).Where(word => word.Length > 0));
        }
    }

    /// <summary>Where the engine manages a swarm: what has no owner there, with victor's label all the same.</summary>
    private async Task MakeOfSwarmAsync(string secret)
    {
        if (await host.Engine("info -f {{.Swarm.ControlAvailable}}") != "true")
        {
            return;
        }

        var labels = $"--label gateway.owner={User} --label word={secret}";
        var service = await host.Engine($"service create -q --detach --name victor-svc {labels} -e WORD={secret} --network host --replicas 1 busybox sleep 900");
        foreach (var kind in (ObjectKind[])[ObjectKind.Secret, ObjectKind.Config])
        {
            var id = await host.Engine($"{kind.ToString().ToLowerInvariant()} create {labels} victor-{kind.ToString().ToLowerInvariant()} /etc/hostname");
            Names[kind] = [$"victor-{kind.ToString().ToLowerInvariant()}", id, id[..8]];
            Words.Add(id);
        }

        var task = "";
        for (var tries = 0; task.Length == 0 && tries < 200; tries++)
        {
            task = (await host.Engine("service ps -q --no-trunc victor-svc")).Split('\n')[0];
        }

        var node = await host.Engine("node ls -q");
        Names[ObjectKind.Service] = ["victor-svc", service, service[..8]];
        Names[ObjectKind.Task] = [task, task[..8]];
        Names[ObjectKind.Node] = ["self", node, node[..8]];
        Words.AddRange([service, task, node]);
        paths.AddRange([$"/secrets/{Names[ObjectKind.Secret][1]}", $"/configs/{Names[ObjectKind.Config][1]}"]);
    }

    /// <summary>A name that looks like this one and stands for nothing.</summary>
    public static string Absent(string name) =>
        name.StartsWith("sha256:", StringComparison.Ordinal) ? "sha256:" + new string('e', name.Length - 7)
        : name.Contains("victor", StringComparison.Ordinal) ? name.Replace("victor", "absent", StringComparison.Ordinal)
        : new string('e', name.Length);

    /// <summary>What the engine holds of victor's, whole.</summary>
    public async Task<string> StateAsync() =>
        string.Join('\n', await Task.WhenAll(paths.Select(async path => await engine.GetAsync(path) is { ValueKind: not JsonValueKind.Undefined } found ? found.GetRawText() : $"{path} is gone")));

    public async ValueTask DisposeAsync()
    {
        await ClearAsync();
        engine.Dispose();
    }

    private async Task ClearAsync()
    {
        foreach (var user in (string[])[User, Attacker])
        {
            foreach (var (list, remove) in new[] { ("ps -aq", "rm -f -v"), ("volume ls -q", "volume rm -f"), ("network ls -q", "network rm") })
            {
                foreach (var one in (await host.Engine($"{list} --filter label=gateway.owner={user}")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    await host.Engine($"{remove} {one}");
                }
            }
        }

        foreach (var kind in (string[])["service", "secret", "config"])
        {
            await host.Engine($"{kind} rm victor-{(kind == "service" ? "svc" : kind)}");
        }

        await host.Engine("rmi localhost/victor/x:1 localhost/victor/y:1 localhost/mallory/own:1");
        await host.Engine($"network rm {Shared}");
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Id();
}
