using Gateway.Policy.Commands;
using Gateway.Policy.Reach;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Replay.Support;
using Xunit;

namespace Gateway.Tests.Replay;

/// <summary>A learned role loads, allows what was seen, and reaches root only where what was seen did.</summary>
public sealed class PolicyLearnTests : IDisposable
{
    private readonly PolicyDirectory before = new();
    private readonly PolicyDirectory after = new();

    private string Log => Path.Combine(before.Root, "audit.log");

    public void Dispose()
    {
        before.Dispose();
        after.Dispose();
    }

    [Fact]
    public async Task CoversWhatWasSeenAndNothingElse()
    {
        await RecordAsync("grants: {images: [\"docker.io/library/*\"], networks: [bridge, own], publish: {addresses: [127.0.0.1], ports: 20000-29999}, capabilities: [NET_ADMIN, SYS_ADMIN]}", async log =>
        {
            await log.AddAsync("ci", "GET", "/_ping");
            await log.AddAsync("ci", "POST", "/v1.41/images/create?fromImage=busybox&tag=1");
            await log.AddAsync("ci", "POST", "/v1.41/containers/create?name=job", """{"Image":"busybox:1","HostConfig":{"CapAdd":["NET_ADMIN"],"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"20001"}]}}}""");
            await log.AddAsync("ci", "POST", "/v1.41/containers/job/start");
            await log.AddAsync("ci", "DELETE", "/v1.41/containers/job?force=1");
            await log.AddAsync("other", "POST", "/v1.41/volumes/create", """{"Name":"data"}""");
        });

        var draft = Learn("ci");

        Assert.Contains("docker.io/library/busybox:1", draft, StringComparison.Ordinal);
        Assert.Contains("NET_ADMIN", draft, StringComparison.Ordinal);
        Assert.Contains("ports: [20001]", draft, StringComparison.Ordinal);
        Assert.Contains("# ContainerStart: once", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("SYS_ADMIN", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("VolumeCreate", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("root-equivalent", draft, StringComparison.Ordinal);
        Assert.DoesNotContain(Findings(), f => f.Extent == Extent.Root);
    }

    [Fact]
    public async Task NeedsNoGrantsWhereNoBodyWasSeen()
    {
        await RecordAsync("grants: {images: [\"docker.io/library/*\"]}", log => log.AddAsync("ci", "GET", "/_ping"));

        Assert.DoesNotContain("root-equivalent", Learn("ci"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhereItMadeTagsAndPortsWider()
    {
        await RecordAsync("grants: {images: [\"docker.io/library/*\"], networks: [bridge], publish: {addresses: [127.0.0.1], ports: 20000-29999}}", async log =>
        {
            for (var i = 0; i < 8; i++)
            {
                await log.AddAsync("ci", "POST", "/v1.41/containers/create", $$$$"""{"Image":"busybox:{{{{i % 4}}}}","HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"2000{{{{i}}}}"}]}}}""");
            }
        });

        var draft = Learn("ci");

        Assert.Contains("# made wider: 4 tags or digests of it were seen\n        - \"docker.io/library/busybox\"", draft, StringComparison.Ordinal);
        Assert.Contains("# made wider: 8 ports between these were seen\n      publish: {addresses: [\"127.0.0.1\"], ports: 20000-20007}", draft, StringComparison.Ordinal);
        Assert.Contains("# ContainerCreate: 8 times", draft, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsRootEquivalentWhereWhatWasSeenWas()
    {
        await RecordAsync("root-equivalent: true", async log =>
        {
            await log.AddAsync("ci", "POST", "/v1.41/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true,"Binds":["/etc:/h"]}}""");
            await log.AddAsync("ci", "GET", "/v1.41/swarm");
        });

        var draft = Learn("ci");

        Assert.Contains("root-equivalent: true", draft, StringComparison.Ordinal);
        Assert.Contains(Findings(), f => f.Extent == Extent.Root);
    }

    [Fact]
    public async Task CoversWhatAWiderRoleWouldHaveLetThrough()
    {
        await RecordAsync("grants: {images: [\"docker.io/library/*\"], networks: [bridge]}", async log =>
        {
            await log.AddAsync("ci", "POST", "/v1.41/containers/create", """{"Image":"registry.example.com/app:1","HostConfig":{}}""", would: "allow");
        });

        Assert.Contains("registry.example.com/app:1", Learn("ci"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatNothingWasSeen()
    {
        await RecordAsync("grants: {images: [\"docker.io/library/*\"]}", log => log.AddAsync("ci", "GET", "/_ping"));
        using var output = new StringWriter();

        Assert.Equal(1, PolicyLearnCommand.Run([Log], "nobody-else", DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output));
        Assert.Equal(2, PolicyLearnCommand.Run([Log], "Not A User", DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output));
        Assert.Equal(2, PolicyLearnCommand.Run([Log + ".none"], "ci", DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output));
    }

    private async Task RecordAsync(string role, Func<RecordedLog, Task> requests)
    {
        before.Write("a.yaml", $"version: 1\nroles:\n  r:\n    rules: [{"{"}id: all, allow: [\"*\"], on: {(role.StartsWith("root", StringComparison.Ordinal) ? "all" : "own")}{"}"}]\n    {role}\nusers: {"{"}ci: {"{"}roles: [r]{"}"}, other: {"{"}roles: [r]{"}"}{"}"}\n");
        var loaded = before.Load();
        Assert.Empty(loaded.Errors);
        using var log = new RecordedLog(Log, loaded.Policy!);
        await requests(log);
    }

    private IReadOnlyList<Finding> Findings() =>
        PolicyAudit.Run(after.Root, after.Load().Policy!, HostView.None(PolicyDirectory.OrdinaryHost), null, []).Findings;

    /// <summary>The draft, which loads and allows all that was seen.</summary>
    private string Learn(string user)
    {
        using var output = new StringWriter();
        Assert.True(PolicyLearnCommand.Run([Log], user, DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output) == 0, output.ToString());
        after.Write("draft.yaml", output.ToString());
        var errors = after.Errors();
        Assert.True(errors.Length == 0, string.Join('\n', errors) + "\n" + output);
        return output.ToString();
    }
}
