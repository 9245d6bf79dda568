using System.Text.Json;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class LearningOnDebianEngine(DebianHost host) : LearnTests(host);

[Collection(ModernEngine.Name)]
public sealed class LearningOnModernEngine(ModernHost host) : LearnTests(host);

/// <summary>
/// A user whom serve learns from is denied as ever, while the log says what a wider role would have let through; the role that is
/// drafted from it then does. And what records say of answers.
/// </summary>
public abstract class LearnTests(GatewayHost host) : IAsyncLifetime
{
    private const string Novice = "novice";
    private const string Run = "run --rm --cap-add NET_ADMIN busybox echo learned";
    private const string Create = "create --cap-add NET_ADMIN busybox echo learned";
    private readonly string log = Path.Combine(Path.GetTempPath(), $"gateway-learn-{Guid.NewGuid():N}.log");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), Path.GetFileName(log) + "*").Concat(Directory.EnumerateFiles(host.Policies, "learn-*.yaml")))
        {
            File.Delete(file);
        }

        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task DeniesWhatItLearnsFromUntilTheDraftedRoleIsGiven()
    {
        await host.WritePolicyAsync("learn-novice.yaml", """
            version: 1
            roles:
              novice:
                rules: [{id: own, allow: ["Container*", "Exec*", "System*", ImageInspect]}]
                grants: {networks: [bridge]}
            users: {novice: {roles: [novice]}}
            """);
        await host.CertsToolAsync("client", Novice);
        await using var gateway = await host.StartAnotherAsync(log, "--learn", Novice);
        Assert.Contains("learning from novice: nothing more is let through", gateway.Log, StringComparison.Ordinal);
        Assert.Contains("learning novice:", (await host.StatusOfAsync(gateway.Port)).Output, StringComparison.Ordinal);

        var denied = await Docker(gateway, Run);
        Assert.Contains("no grant for", denied.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await Docker(gateway, "run --rm --pid host busybox true")).ExitCode);
        Assert.NotEqual(0, (await Docker(gateway, "network create learn-net")).ExitCode);

        Assert.Equal("", await host.Engine("ps -aq --filter label=gateway.owner=novice"));
        Assert.Equal("", await host.Engine("network ls -q --filter label=gateway.owner=novice"));
        var creates = Records("ContainerCreate");
        Assert.All(creates, record => Assert.Equal("deny", record.GetProperty("decision").GetString()));
        Assert.Equal(["allow", null], creates.Select(Would));
        Assert.Equal(["allow"], Records("NetworkCreate").Select(Would));
        Assert.All(creates, record => Assert.True(record.GetProperty("input").TryGetProperty("objects", out _) && record.GetProperty("input").TryGetProperty("body", out _) && record.TryGetProperty("duration_ms", out _)));

        var draft = await Gateway("policy", "learn", "--audit-log", log, "--user", Novice);
        Assert.Equal(0, draft.ExitCode);
        Assert.Contains("NET_ADMIN", draft.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("host-namespaces", draft.Output, StringComparison.Ordinal);
        await host.WritePolicyAsync("learn-drafted.yaml", draft.Output.Split("\nusers:")[0] + "\n");
        await host.WritePolicyAsync("learn-novice.yaml", (await File.ReadAllTextAsync(Path.Combine(host.Policies, "learn-novice.yaml"), Token)).Replace("roles: [novice]", "roles: [novice, learned-novice]", StringComparison.Ordinal));

        // What was seen was a create; who may start what it made is the next thing to learn.
        var allowed = await host.UntilAsync(() => Docker(gateway, Create), result => result.ExitCode == 0);
        await host.Engine($"rm -f {allowed.Output.Trim()}");
        Assert.NotEqual(0, (await Docker(gateway, Create.Replace("NET_ADMIN", "SYS_ADMIN", StringComparison.Ordinal))).ExitCode);
    }

    [Fact]
    public async Task RecordsTheAnswersOfPlainCallsWhereThatIsAskedFor()
    {
        await using var gateway = await host.StartAnotherAsync(log, "--audit-answers");
        await Docker(gateway, "ps", "alice");
        await Docker(gateway, "inspect --type container not-there", "alice");

        var list = Records("ContainerList");
        Assert.Equal(["decision", "answer"], list.Select(record => record.GetProperty("event").GetString()));
        Assert.Equal(200, list[1].GetProperty("status").GetInt32());
        Assert.All((string[])["duration_ms", "bytes_in", "bytes_out"], member => Assert.True(list[1].GetProperty(member).GetInt64() >= 0, member));
        Assert.True(list[1].GetProperty("bytes_out").GetInt64() > 0);
        Assert.Equal(list[0].GetProperty("id").GetString(), list[1].GetProperty("id").GetString());

        // A denial is its own answer: one record, which says how long that took.
        var denial = Assert.Single(Records("ContainerInspect"));
        Assert.Equal(404, denial.GetProperty("status").GetInt32());
        Assert.True(denial.GetProperty("duration_ms").GetInt64() >= 0);
    }

    [Fact]
    public async Task RecordsNoAnswersOfPlainCallsOtherwise()
    {
        await using var gateway = await host.StartAnotherAsync(log);
        await Docker(gateway, "ps", "alice");

        Assert.Equal("decision", Assert.Single(Records("ContainerList")).GetProperty("event").GetString());
    }

    private static string? Would(JsonElement record) => record.TryGetProperty("would", out var would) ? would.GetString() : null;

    private static Task<RunResult> Gateway(params string[] arguments) => Support.Run.Async("dotnet", [GatewayHost.Built("gateway.dll"), .. arguments]);

    private Task<RunResult> Docker(GatewayProcess gateway, string line, string user = Novice) => Support.Run.Async(
        "docker", line.Split(' '), null, new Dictionary<string, string>(host.Environment(user)) { ["DOCKER_HOST"] = $"tcp://127.0.0.1:{gateway.Port}" });

    private List<JsonElement> Records(string operation)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).Where(record => record.TryGetProperty("operation", out var name) && name.GetString() == operation)];
    }
}
