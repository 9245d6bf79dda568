using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Gateway.EndToEnd.Fuzzing;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Attacks;

[Collection(DebianEngine.Name)]
public sealed class AttackTablesOnDebianEngine(DebianHost host) : AttackTableTests(host);

[Collection(ModernEngine.Name)]
public sealed class AttackTablesOnModernEngine(ModernHost host) : AttackTableTests(host);

/// <summary>
/// Each line of the tables beside this file is an attack: refused under every version prefix, and the engine, asked afterwards, holds
/// nothing of it. Names that begin with <c>attack-</c> are objects that are there.
/// </summary>
public abstract class AttackTableTests(GatewayHost host) : IAsyncLifetime
{
    private static readonly string[] Made = ["attack-own", "attack-others", "attack-nora"];

    public async ValueTask InitializeAsync()
    {
        await CleanAsync();
        Assert.Equal(0, (await host.Docker("alice", "run -d --network none --name attack-own busybox sleep 600")).ExitCode);
        Assert.Equal(0, (await host.Docker("bob", "create --network none --name attack-others busybox")).ExitCode);
        Assert.Equal(0, (await host.Docker("nora", "run -d -u 1000:1000 --network none --name attack-nora busybox sleep 600")).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("reading.txt")]
    [InlineData("create.txt")]
    [InlineData("granted.txt")]
    [InlineData("operations.txt")]
    public async Task RefusesEveryLine(string table)
    {
        var through = new ConcurrentQueue<string>();
        var before = await StateAsync();
        string[] prefixes = ["", "/v1.24", "/v1.41", host.Kind == "modern" ? "/v1.51" : "/v1.40"];

        await Parallel.ForEachAsync(Lines(table).Select(line => line.Split(' ', 4)).GroupBy(line => line[0]).SelectMany(lines => lines.Chunk(60)), async (lines, _) =>
        {
            await using var connection = new KeptConnection(host, lines[0][0]);
            foreach (var line in lines)
            {
                foreach (var prefix in prefixes)
                {
                    var answer = await connection.SendAsync(Request(line[1], prefix + line[2], line.Length > 3 ? line[3] : null));
                    if (RawClient.Status(answer) is < 400 or > 415)
                    {
                        through.Enqueue($"{string.Join(' ', line)} under \"{prefix}\": {answer[..Math.Min(answer.Length, 600)]}");
                    }
                }
            }
        });

        Assert.Equal("", string.Join('\n', through));
        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task RefusesEveryRequestOfOddFraming()
    {
        var through = new List<string>();
        var before = await StateAsync();
        foreach (var line in Lines("wire.txt"))
        {
            var bytes = JsonSerializer.Deserialize<string>(line[line.IndexOf('"', StringComparison.Ordinal)..])!;
            var answer = await RawClient.SendAsync(host, "alice", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(bytes)));
            if (RawClient.Status(answer) is < 400 or 500 or > 505)
            {
                through.Add($"{line}: {answer}");
            }
        }

        Assert.Equal("", string.Join('\n', through));
        Assert.Equal(before, await StateAsync());
    }

    private static string Request(string method, string target, string? body)
    {
        var bytes = body is null ? null : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body));
        var heads = bytes is not null ? $"Content-Type: application/json\r\nContent-Length: {bytes.Length}\r\n" : method is "POST" or "PUT" ? "Content-Length: 0\r\n" : "";
        return $"{method} {target} HTTP/1.1\r\nHost: docker\r\n{heads}\r\n{bytes}";
    }

    /// <summary>What the engine holds, apart from what runs beside these tests: every container's id with its settings, volumes, networks and tags.</summary>
    private async Task<string> StateAsync()
    {
        using var engine = new EngineProbe(host.EngineSocket);
        var state = new StringBuilder();
        foreach (var container in (await engine.GetAsync("/containers/json?all=1")).EnumerateArray())
        {
            var inspect = await engine.GetAsync($"/containers/{container.GetProperty("Id").GetString()}/json");
            state.AppendLine($"{inspect.GetProperty("Name")} {inspect.GetProperty("HostConfig")} {inspect.GetProperty("Config")} {inspect.GetProperty("NetworkSettings").GetProperty("Networks")} {inspect.GetProperty("State").GetProperty("Running")} {inspect.GetProperty("ExecIDs")}");
        }

        var volumes = (await engine.GetAsync("/volumes")).GetProperty("Volumes");
        state.AppendJoin('\n', volumes.ValueKind == JsonValueKind.Array ? volumes.EnumerateArray().Select(volume => volume.ToString()).Order() : Enumerable.Empty<string>());
        state.AppendJoin('\n', (await engine.GetAsync("/networks")).EnumerateArray().Select(network => network.ToString()).Order());
        state.AppendJoin('\n', (await engine.GetAsync("/images/json")).EnumerateArray().Select(image => $"{image.GetProperty("Id")} {image.GetProperty("RepoTags")}").Order());
        return state.ToString();
    }

    private async Task CleanAsync()
    {
        foreach (var user in NarrowRoles.Users)
        {
            var left = (await host.Engine($"ps -aq --filter label=gateway.owner={user}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await host.Engine(["rm", "-f", "-v", .. left]);
        }

        await host.Engine(["rm", "-f", "-v", .. Made]);
    }

    private static IEnumerable<string> Lines(string table) =>
        File.ReadLines(Path.Combine(Here(), table)).Where(line => line.Length > 0 && line[0] != '#');

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
