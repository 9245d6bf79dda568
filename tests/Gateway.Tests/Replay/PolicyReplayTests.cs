using Gateway.Identity;
using Gateway.Policy.Commands;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Replay.Support;
using Xunit;

namespace Gateway.Tests.Replay;

public sealed class PolicyReplayTests : IDisposable
{
    private const string Old = """
        version: 1
        roles:
          dev:
            rules: [{id: run, allow: ["Container*", ImageCreate, SystemPing]}]
            grants: {images: ["docker.io/library/*"], networks: [bridge], capabilities: [NET_ADMIN]}
        users: {alice: {roles: [dev]}}
        """;

    private readonly PolicyDirectory before = new();
    private readonly PolicyDirectory after = new();

    private string Log => Path.Combine(before.Root, "audit.log");

    public void Dispose()
    {
        before.Dispose();
        after.Dispose();
    }

    [Fact]
    public async Task FindsNothingUnderTheSamePolicy()
    {
        await RecordAsync();

        var (code, output) = Replay(Old);

        Assert.True(code == 0, output);
        Assert.Contains("6 decisions: 0 would be decided otherwise", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("capabilities: [NET_ADMIN]", "capabilities: []", "ContainerCreate")]
    [InlineData("docker.io/library/*", "docker.io/library/nginx", "ContainerCreate")]
    [InlineData("{id: run, allow: [\"Container*\", ImageCreate, SystemPing]}", "{id: run, allow: [ContainerCreate, ImageCreate, SystemPing]}", "ContainerStop")]
    [InlineData("alice: {roles: [dev]}", "bob: {roles: [dev]}", "no user \"alice\" in the policy")]
    [InlineData("capabilities: [NET_ADMIN]", "capabilities: [NET_ADMIN], privileged: true", "would be allowed (dev/run)")]
    [InlineData("[{id: run, allow: [\"Container*\", ImageCreate, SystemPing]}]", "[{id: run, allow: [\"Container*\", ImageCreate, SystemPing]}, {id: others, allow: [ContainerStop], on: {label: {team: web}}}]", "would be allowed (dev/others)")]
    [InlineData("[{id: run, allow: [\"Container*\", ImageCreate, SystemPing]}]", "[{id: run, allow: [\"Container*\", ImageCreate, SystemPing]}, {id: no, deny: [SystemPing]}]", "SystemPing is denied")]
    public async Task FindsWhatWouldBeDecidedOtherwise(string part, string instead, string said)
    {
        await RecordAsync();

        var (code, output) = Replay(Old.Replace(part, instead, StringComparison.Ordinal));

        Assert.True(code == 1, output);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix: asmith", 0)]
    [InlineData("unix: bsmith", 1)]
    public async Task KnowsALocalAccountAgain(string account, int expected)
    {
        var old = Old.Replace("alice: {roles: [dev]}", "alice: {roles: [dev], unix: asmith}", StringComparison.Ordinal);
        before.Write("policy.yaml", old);
        using (var log = new RecordedLog(Log, before.Load().Policy!) { Identity = new ClientIdentity("asmith", [], null, "uid:1000", null) { Account = new LocalAccount(1000, "asmith", []) } })
        {
            Assert.True((await log.AddAsync("alice", "GET", "/_ping")).Allowed);
        }

        Assert.Equal(expected, Replay(old.Replace("unix: asmith", account, StringComparison.Ordinal)).Code);
    }

    [Theory]
    [InlineData("binds: [{source: /srv/data, access: ro}]", 0)]
    [InlineData("binds: [{source: /srv/other, access: ro}]", 1)]
    public async Task JudgesTheBindsOfAContainerThatWasStarted(string granted, int expected)
    {
        var old = Old.Replace("grants: {", "grants: {binds: [{source: /srv/data, access: ro}], ", StringComparison.Ordinal);
        before.Write("policy.yaml", old);
        using (var log = new RecordedLog(Log, before.Load().Policy!))
        {
            const string inspect = """{"Mounts":[{"Type":"bind","Source":"/srv/data","RW":false}]}""";
            Assert.True((await log.AddAsync("alice", "POST", "/v1.41/containers/web/start", inspect: inspect)).Allowed);
        }

        var (code, output) = Replay(Old.Replace("grants: {", $"grants: {{{granted}, ", StringComparison.Ordinal));

        Assert.True(code == expected, output);
        Assert.Equal(expected == 1, output.Contains("/srv/data", StringComparison.Ordinal));
    }

    /// <summary>A start joins again what the container keeps by name (I45): recorded, and judged by the new policy.</summary>
    [Theory]
    [InlineData("[bridge, own]", 0)]
    [InlineData("[bridge]", 1)]
    public async Task JudgesTheNetworksThatAContainerKeeps(string networks, int expected)
    {
        before.Write("policy.yaml", Old.Replace("networks: [bridge]", "networks: [bridge, own]", StringComparison.Ordinal));
        using (var log = new RecordedLog(Log, before.Load().Policy!))
        {
            const string inspect = """{"HostConfig":{"NetworkMode":"net"},"NetworkSettings":{"Networks":{"net":{"NetworkID":"abc"}}}}""";
            Assert.True((await log.AddAsync("alice", "POST", "/v1.41/containers/web/start", inspect: inspect)).Allowed);
        }

        var (code, output) = Replay(Old.Replace("networks: [bridge]", $"networks: {networks}", StringComparison.Ordinal));

        Assert.True(code == expected, output);
        Assert.Equal(expected == 1, output.Contains("network net not found", StringComparison.Ordinal));
    }

    [Fact]
    public void LeavesDenialsByQuotaAndRateToTheQuota()
    {
        File.WriteAllText(Log, string.Concat(((string[])["QuotaExceeded", "RateLimited"]).Select(reason =>
            $$$"""{"time":"2026-01-01T00:00:00Z","event":"decision","user":"alice","operation":"ContainerCreate","method":"POST","path":"/containers/create","decision":"deny","reason":"{{{reason}}}: no more","fields":[],"input":{"caller":{"name":"alice"},"objects":[]}}""" + "\n")));

        var (code, output) = Replay(Old);

        Assert.Equal(0, code);
        Assert.Contains("2 decisions: 0 would be decided otherwise, 0 cannot be decided from their records, 2 are none of a policy's", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhatItCannotTell()
    {
        await RecordAsync();

        // Neither body nor objects of an operation that was refused as such were looked at.
        var (code, output) = Replay(Old.Replace("SystemPing]", "SystemPing, VolumeCreate]", StringComparison.Ordinal));

        Assert.True(code == 0, output);
        Assert.Contains("cannot tell: its operation is allowed now, and body and objects were not looked at then", output, StringComparison.Ordinal);
        Assert.Contains("1 cannot be decided", output, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesLinesThatAreNoRecords()
    {
        File.WriteAllText(Log, "\n{\"event\":\"decision\"}\n{\"event\":\"decision\",\"operation\":1}\n\"event\":\"decision\"\n{\"event\":\"decision\",\"operation\":\"Nope\",\"path\":\"/x\",\"input\":{\"objects\":[1,{}],\"body\":[]}}\n\0\u0001\n{\"event\":\"decision\",\"operation\":\"ExecStart\",\"path\":\"/exec/1/start\",\"input\":{\"body\":{\"Detach\":true,\"Detach\":false}}}");

        var (code, output) = Replay(Old);

        Assert.Equal(2, code);
        Assert.Contains($"{Log}:4: is not an audit record", output, StringComparison.Ordinal);
        Assert.Contains($"{Log}:6: is not an audit record", output, StringComparison.Ordinal);
        Assert.Contains($"{Log}:7: is not an audit record", output, StringComparison.Ordinal);
        Assert.DoesNotContain($"{Log}:2:", output, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesALogThatIsNotThere()
    {
        var (code, output) = Replay(Old);

        Assert.Equal(2, code);
        Assert.Contains("cannot read the audit log", output, StringComparison.Ordinal);
    }

    private async Task RecordAsync()
    {
        before.Write("a.yaml", Old);
        using var log = new RecordedLog(Log, before.Load().Policy!);
        Assert.True((await log.AddAsync("alice", "GET", "/_ping")).Allowed);
        Assert.True((await log.AddAsync("alice", "POST", "/v1.41/containers/create?name=web", """{"Image":"busybox","Env":["A=secret"],"HostConfig":{"CapAdd":["NET_ADMIN"]}}""")).Allowed);
        Assert.True((await log.AddAsync("alice", "POST", "/v1.41/containers/web/stop")).Allowed);
        Assert.False((await log.AddAsync("alice", "POST", "/v1.41/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true}}""")).Allowed);
        Assert.False((await log.AddAsync("alice", "POST", "/v1.41/containers/theirs/stop", owner: "bob")).Allowed);
        Assert.False((await log.AddAsync("alice", "POST", "/v1.41/volumes/create", """{"Name":"data"}""")).Allowed);
    }

    private (int Code, string Output) Replay(string policy)
    {
        after.Write("a.yaml", policy);
        using var output = new StringWriter();
        return (PolicyReplayCommand.Run(after.Root, [Log], false, 100, PolicyDirectory.OrdinaryHost, output, output), output.ToString());
    }
}
