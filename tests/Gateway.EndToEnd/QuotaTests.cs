using System.Diagnostics;
using Gateway.EndToEnd.Support;
using Gateway.Limits;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class QuotaOnDebianEngine(DebianHost host) : QuotaTests(host);

[Collection(ModernEngine.Name)]
public sealed class QuotaOnModernEngine(ModernHost host) : QuotaTests(host);

/// <summary>A user with a quota and one with a rate (threats §4.6, §8; I50, I64).</summary>
public abstract class QuotaTests(GatewayHost host) : IAsyncLifetime
{
    /// <summary>The roles of dave and erin.</summary>
    public const string Policy = """
        version: 1
        roles:
          bounded:
            rules:
              - {id: own, allow: ["Container*", "Exec*", "Volume*", "Network*", "System*", "Image*"]}
            grants:
              images: ["docker.io/library/*"]
              networks: [bridge, none, own]
              memory: {default: 32m, max: 256m}
              cpus: {default: "0.25", max: "1"}
            quota: {containers: 10, memory: 400m, cpus: "2.95", volumes: 3, networks: 2, streams: 2}
          slow:
            rules:
              - {id: ping, allow: [SystemPing, ContainerList]}
            rate: {requests: 1/s, burst: 1}
        users:
          dave: {roles: [bounded]}
          erin: {roles: [slow]}

        """;

    private const int AtOnce = 50;
    private const string Mine = "--filter label=gateway.owner=dave";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Remove("ps -aq", "rm -f -v");
        await Remove("volume ls -q", "volume rm -f");
        await Remove("network ls -q", "network rm");
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task I50_LetsExactlyTheQuotaThroughOfFiftyCreatesAtOnce()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CreateAsync(host.Port, """{"Image":"busybox"}""")));

        Assert.Equal(10, answers.Count(answer => RawClient.Status(answer) == 201));
        var denied = answers.Where(answer => RawClient.Status(answer) != 201).ToList();
        Assert.All(denied, answer => Assert.Contains("quota of role \\u0022bounded\\u0022 is 10 containers", answer.Replace("\\\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.All(denied, answer => Assert.Contains("\r\nRetry-After: 30\r\n", answer, StringComparison.Ordinal));
        Assert.All(denied, answer => Assert.Equal(429, RawClient.Status(answer)));
        Assert.Equal(10, Words(await host.Engine($"ps -aq {Mine}")).Length);
    }

    [Fact]
    public async Task I50_HoldsWithTwoGatewaysBeforeOneEngine()
    {
        await using var other = await host.StartAnotherAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => CreateAsync(i % 2 == 0 ? host.Port : other.Port, """{"Image":"busybox"}""")));

        var made = answers.Count(answer => RawClient.Status(answer) == 201);
        Assert.InRange(made, 1, 10);
        Assert.Equal(made, Words(await host.Engine($"ps -aq {Mine}")).Length);
    }

    [Fact]
    public async Task CountsMemoryAndCpusOverAllContainers()
    {
        Assert.Equal(0, (await host.Docker("dave", "create --name first --memory 256m --cpus 1 busybox")).ExitCode);
        Assert.Equal(0, (await host.Docker("dave", "create --name second --memory 128m --cpus 1 busybox")).ExitCode);
        await RefusesAsync("create busybox", "bytes of memory");
        await RefusesAsync("update --memory 160m --memory-swap 160m second", "bytes of memory");
        Assert.Equal(0, (await host.Docker("dave", "update --memory 64m --memory-swap 64m second")).ExitCode);
        Assert.Equal(0, (await host.Docker("dave", "create --name third --memory 16m --cpus 0.9 busybox")).ExitCode);
        await RefusesAsync("create --memory 16m busybox", "2.95 CPUs");
        await RefusesAsync("update --cpus 1 third", "2.95 CPUs");
        Assert.Equal(3, Words(await host.Engine($"ps -aq {Mine}")).Length);
    }

    [Fact]
    public async Task CountsVolumesThatACreateWouldBringIntoBeing()
    {
        await RefusesAsync("create -v va:/a -v vb:/b -v /c -v /d busybox", "3 volumes");
        Assert.Empty(Words(await host.Engine($"volume ls -q {Mine}")));

        Assert.Equal(0, (await host.Docker("dave", "create -v va:/a -v vb:/b -v /c busybox")).ExitCode);
        Assert.Equal(0, (await host.Docker("dave", "create -v va:/a busybox")).ExitCode);
        Assert.Equal(0, (await host.Docker("dave", "volume create va")).ExitCode);
        await RefusesAsync("volume create vd", "3 volumes");
        await RefusesAsync("create -v /e busybox", "3 volumes");
        Assert.Equal(3, Words(await host.Engine($"volume ls -q {Mine}")).Length);
    }

    [Fact]
    public async Task CountsNetworks()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => RawClient.JsonAsync(host, "dave", "/v1.41/networks/create", $"{{\"Name\":\"dave-{i}\"}}")));

        Assert.Equal(2, answers.Count(answer => RawClient.Status(answer) == 201));
        Assert.Equal(2, Words(await host.Engine($"network ls -q {Mine}")).Length);
    }

    [Fact]
    public async Task CountsOpenStreams()
    {
        // The engine remembers a few hundred events only: one of this user's own has to be among them.
        await host.Docker("dave", "create busybox");
        using var first = Follow();
        using var second = Follow();
        try
        {
            await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            await second.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            await RefusesAsync("events", "2 open streams");
        }
        finally
        {
            foreach (var process in (Process[])[first, second])
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task AnswersTooManyRequestsWithWhenToTryAgain()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RawClient.SendAsync(host, "erin", "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")));

        Assert.Contains(answers, answer => RawClient.Status(answer) == 200);
        var denied = answers.First(answer => RawClient.Status(answer) == 429);
        Assert.Contains("\r\nRetry-After: 1\r\n", denied, StringComparison.Ordinal);
        Assert.Contains("more than 1 requests a second", denied, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I64_LeavesOthersTheirPlainCallsWhenOneUserFillsAllPlaces()
    {
        const int more = LimitsMiddleware.PlainCalls + 8;
        var deaf = (await host.Shell("alice", "docker run -d --name deaf busybox sh -c 'trap true TERM; echo ready; while :; do sleep 1; done'")).Output.Trim();
        using var kills = Process.Start(new ProcessStartInfo("docker", ["-H", "unix://" + host.EngineSocket, "events", "--since", "1", "--filter", $"container={deaf}", "--filter", "event=kill", "--format", "{{.Actor.Attributes.signal}}"]) { RedirectStandardOutput = true })!;
        try
        {
            await host.UntilAsync(() => host.Docker("alice", "logs deaf"), logs => logs.Output.Contains("ready", StringComparison.Ordinal));
            var stops = Enumerable.Range(0, more).Select(_ => RawClient.SendAsync(host, "alice", "POST /containers/deaf/stop?t=600 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")).ToList();

            // Each stop that has reached the engine has killed, and waits.
            var signals = new List<string?>();
            while (signals.Count < LimitsMiddleware.PlainCalls)
            {
                signals.Add(await kills.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }

            Assert.Equal(0, (await host.Docker("bob", "ps")).ExitCode);
            Assert.All(stops, stop => Assert.False(stop.IsCompleted));
            await host.Engine("kill deaf");
            await Task.WhenAll(stops);

            // The rest waited here: what they found was stopped already.
            signals.Add(await kills.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            Assert.Equal([.. Enumerable.Repeat("15", LimitsMiddleware.PlainCalls), "9"], signals);
        }
        finally
        {
            kills.Kill();
            await host.Engine("rm -f deaf");
        }
    }

    private Task<string> CreateAsync(int port, string body) => RawClient.JsonAsync(host, "dave", "/v1.41/containers/create", body, port: port);

    /// <summary>Follows events from the beginning of time, so that a first line comes at once.</summary>
    private Process Follow()
    {
        var start = new ProcessStartInfo("docker", ["events", "--since", "1"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in host.Environment("dave"))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task RefusesAsync(string line, string why)
    {
        var result = await host.Docker("dave", line);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }

    private async Task Remove(string list, string remove)
    {
        foreach (var id in Words(await host.Engine($"{list} {Mine}")))
        {
            await host.Engine($"{remove} {id}");
        }
    }

    private static string[] Words(string text) => text.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
}
