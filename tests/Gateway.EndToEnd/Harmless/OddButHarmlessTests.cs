using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Harmless;

[Collection(DebianEngine.Name)]
public sealed class OddButHarmlessOnDebianEngine(DebianHost host) : OddButHarmlessTests(host);

[Collection(ModernEngine.Name)]
public sealed class OddButHarmlessOnModernEngine(ModernHost host) : OddButHarmlessTests(host);

/// <summary>
/// The mirror of the attack tables: what clients of all ages and languages send, odd to look at, and asking for nothing beyond the
/// role. Each line of the table beside this file is let through to the engine, which does it.
/// </summary>
public abstract class OddButHarmlessTests(GatewayHost host) : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await CleanAsync();
        Assert.Equal(0, (await host.Docker("alice", "create --network none --name mirror-m busybox sleep 600")).ExitCode);
        Assert.Equal(0, (await host.Docker("alice", "run -d --name mirror-run busybox sleep 600")).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await CleanAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LetsEveryLineThrough()
    {
        var refused = new List<string>();
        await using var connection = new KeptConnection(host, "alice");
        foreach (var line in File.ReadLines(Path.Combine(Here(), "mirror.txt")).Where(line => line[0] != '#'))
        {
            // The current engine's changed root has no ps.
            if (host.Kind == "modern" && line.StartsWith("GET-top", StringComparison.Ordinal))
            {
                continue;
            }

            var answer = await connection.SendAsync(JsonSerializer.Deserialize<string>(line[line.IndexOf('"', StringComparison.Ordinal)..])!);
            if (RawClient.Status(answer) is < 200 or > 304)
            {
                refused.Add($"{line}: {answer}");
            }
        }

        Assert.Equal("", string.Join('\n', refused));
    }

    private async Task CleanAsync()
    {
        var left = await host.Engine("ps -aq --filter label=gateway.owner=alice");
        await host.Engine(["rm", "-f", "-v", .. left.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        foreach (var kind in (string[])["volume", "network"])
        {
            var named = await host.Engine($"{kind} ls -q --filter name=mirror-");
            await host.Engine([kind, "rm", .. named.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
        }

        foreach (var image in (await host.Engine("images", "--format", "{{.Repository}}:{{.Tag}}", "localhost/alice/*")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await host.Engine($"rmi {image}");
        }
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
