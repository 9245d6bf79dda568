using System.Text.Json;
using Gateway.Policy.Commands;
using Gateway.Replay;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Replay.Support;
using Xunit;

namespace Gateway.Tests.Replay;

/// <summary>Every grant that a policy can have is learned as that grant, and not by way of a role that is not limited at all.</summary>
public sealed class LearnedGrantsTests : IDisposable
{
    private const string Create = "/v1.44/containers/create";
    private readonly PolicyDirectory before = new();
    private readonly PolicyDirectory after = new();

    /// <summary>By grant: what a role grants, a request that needs it, and the line that is learned.</summary>
    private static readonly Dictionary<string, (string Granted, string Target, string Body, string Learned)> Cases = new()
    {
        ["images"] = ("images: [busybox]", Create, """{"Image":"busybox","HostConfig":{"NetworkMode":"none"}}""", "- \"docker.io/library/busybox:latest\"  # once"),
        ["own-images"] = ("own-images: [quay.io/ci/app]", "/images/quay.io/ci/app/push?tag=1", "", "- \"quay.io/ci/app:1\"  # once"),
        ["binds"] = ("binds: [{source: /srv/a, access: ro}]", Create, Host("\"Binds\":[\"/srv/a:/x:ro\"]"), "- {source: \"/srv/a\", access: ro}  # once"),
        ["networks"] = ("networks: [own]", "/networks/net/connect", """{"Container":"web"}""", "allow: [NetworkConnect]"),
        ["publish"] = ("publish: {addresses: [127.0.0.1], ports: 20000-20010}", Create, Host("\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"20003\"}]}"), "publish: {addresses: [\"127.0.0.1\"], ports: [20003]}"),
        ["capabilities"] = ("capabilities: [NET_ADMIN, SYS_TIME]", Create, Host("\"CapAdd\":[\"cap_net_admin\"]"), "- \"NET_ADMIN\"  # once"),
        ["devices"] = ("devices: [/dev/fuse]", Create, Host("\"Devices\":[{\"PathOnHost\":\"/dev/fuse\",\"PathInContainer\":\"/dev/fuse\",\"CgroupPermissions\":\"r\"}]"), "- {path: \"/dev/fuse\", permissions: r}  # once"),
        ["gpus"] = ("gpus: 4", Create, Host("\"DeviceRequests\":[{\"Count\":2,\"Capabilities\":[[\"gpu\"]]}]"), "gpus: 2"),
        ["runtimes"] = ("runtimes: [runsc, other]", Create, Host("\"Runtime\":\"runsc\""), "- \"runsc\"  # once"),
        ["sysctls"] = ("sysctls: [net.core.somaxconn]", Create, Host("\"Sysctls\":{\"net.core.somaxconn\":\"1\"}"), "- \"net.core.somaxconn\"  # once"),
        ["security-options"] = ("security-options: [label=disable]", Create, Host("\"SecurityOpt\":[\"label:disable\"]"), "- \"label=disable\"  # once"),
        ["host-namespaces"] = ("host-namespaces: [uts, pid]", Create, Host("\"UTSMode\":\"host\""), "- \"uts\"  # once"),
        ["privileged"] = ("privileged: true", Create, Host("\"Privileged\":true"), "privileged: true  # once"),
        ["user"] = ("user: non-root", Create, """{"Image":"busybox","User":"1000:1000","HostConfig":{"NetworkMode":"none"}}""", "user: non-root"),
        ["memory"] = ("memory: {default: 1g, max: 8g}", Create, Host("\"Memory\":4294967296"), "memory: {default: 536870912, max: 4294967296}"),
        ["cpus"] = ("cpus: {default: \"1\", max: \"8\"}", Create, Host("\"NanoCpus\":3500000000"), "cpus: {default: \"1\", max: \"3.5\"}"),
        ["pids"] = ("pids: {default: 256, max: 9000}", Create, Host("\"PidsLimit\":5000"), "pids: {default: 256, max: 5000}"),
        ["shm-size"] = ("shm-size: 4g\nmemory: {default: 4g, max: 4g}", Create, Host("\"ShmSize\":2147483648"), "shm-size: 2147483648"),
        ["ulimits"] = ("ulimits: {nofile: 4000000}", Create, Host("\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2000000}]"), "ulimits: {nofile: 2000000}"),
        ["log-drivers"] = ("log-drivers: [syslog]", Create, Host("\"LogConfig\":{\"Type\":\"syslog\"}"), "- \"syslog\"  # once"),
        ["registries"] = ("registries: [registry.example.com]", "/auth", """{"serveraddress":"registry.example.com"}""", "- \"registry.example.com\"  # once"),
        ["labels"] = ("labels: [traefik.*]", Create, """{"Image":"busybox","Labels":{"traefik.enable":"true"},"HostConfig":{"NetworkMode":"none"}}""", "- \"traefik.enable\"  # once"),
        ["subnets"] = ("subnets: [10.128.0.0/16]", "/networks/create", """{"Name":"net","IPAM":{"Config":[{"Subnet":"10.128.1.0/24"}]}}""", "- \"10.128.1.0/24\"  # once"),
    };

    public static TheoryData<string> All => [.. Cases.Keys];

    private static IEnumerable<string> Schema(string definition)
    {
        using var schema = JsonDocument.Parse(PolicySchemaCommand.Text());
        return [.. schema.RootElement.GetProperty("$defs").GetProperty(definition).GetProperty("properties").EnumerateObject().Select(property => property.Name)];
    }

    public void Dispose()
    {
        before.Dispose();
        after.Dispose();
    }

    [Fact]
    public void KnowsEveryGrantOfTheSchema()
    {
        Assert.Equal(Schema("grants"), LearnedGrants.Keys.Keys.Intersect(Schema("grants")).OrderBy(key => Schema("grants").ToList().IndexOf(key)));
        Assert.Empty(Schema("grants").Except(Cases.Keys));
        Assert.Empty(Schema("bind").Except(["source", "access", "setuid", "inside"]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task LearnsTheGrantThatWasNeeded(string grant)
    {
        var (granted, target, body, learned) = Cases[grant];
        var draft = await LearnAsync(granted, (target, body));

        Assert.Contains(learned, draft, StringComparison.Ordinal);
        Assert.DoesNotContain("root-equivalent: true\n", draft, StringComparison.Ordinal);
        Assert.Empty(after.Errors());
        Assert.Equal(grant is "privileged", draft.Contains("# reaches root: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysWhatTheEngineWasLeftToChoose()
    {
        var draft = await LearnAsync(
            "publish: {addresses: [127.0.0.1], ports: 20000-20010}\ndevices: [\"nvidia.com/gpu=0\"]",
            (Create, Host("\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}")),
            (Create, Host("\"DeviceRequests\":[{\"DeviceIDs\":[\"0\"],\"Capabilities\":[[\"gpu\"]]}]")));

        Assert.Contains("# the engine was left to choose some", draft, StringComparison.Ordinal);
        Assert.Contains("nvidia.com/gpu=0", draft, StringComparison.Ordinal);
        Assert.Empty(after.Errors());
    }

    [Fact]
    public async Task LearnsWhatObjectsBringAlong()
    {
        const string mounted = """{"Mounts":[{"Type":"bind","Source":"/srv/a","RW":false}],"NetworkSettings":{"Networks":{"bridge":{"NetworkID":"bridge"}}}}""";
        var draft = await LearnAsync("binds: [{source: /srv/a, access: ro}]\nnetworks: [bridge]", mounted, ("/containers/web/start", ""));

        Assert.Contains("- {source: \"/srv/a\", access: ro}  # once", draft, StringComparison.Ordinal);
        Assert.Empty(after.Errors());
    }

    [Fact]
    public async Task CountsHowOftenEachGrantWasNeeded()
    {
        var bind = Host("\"Binds\":[\"/srv/a:/x:ro\"]");
        var draft = await LearnAsync("binds: [{source: /srv/a, access: ro}]", (Create, bind), (Create + "?name=other", bind), (Create, Host("")));

        Assert.Contains("- {source: \"/srv/a\", access: ro}  # 2 times, 2026-01-01 to 2026-01-02", draft, StringComparison.Ordinal);
        Assert.Contains("# ContainerCreate: 3 times, 2026-01-01 to 2026-01-03", draft, StringComparison.Ordinal);
    }

    private static string Host(string member) => "{\"Image\":\"busybox\",\"HostConfig\":{\"NetworkMode\":\"none\"" + (member.Length > 0 ? "," : "") + member + "}}";

    private Task<string> LearnAsync(string granted, params (string Target, string Body)[] requests) => LearnAsync(granted, "{}", requests);

    /// <summary>The draft from requests that a role with these grants allowed.</summary>
    private async Task<string> LearnAsync(string granted, string inspect, params (string Target, string Body)[] requests)
    {
        var lines = granted.Split('\n').ToList();
        string[] ordinary = ["images: [\"docker.io/library/*\"]", "networks: [none, own]"];
        before.Write("p.yaml", $"version: 1\nroles:\n  r:\n    rules: [{"{"}id: all, allow: [\"*\"]{"}"}]\n    grants:\n      {string.Join("\n      ", ordinary.Where(o => !lines.Exists(l => l.Split(':')[0] == o.Split(':')[0])).Concat(lines))}\nusers: {"{"}ci: {"{"}roles: [r]{"}"}{"}"}\n");
        var loaded = before.Load();
        Assert.Empty(loaded.Errors);
        var log = Path.Combine(before.Root, "audit.log");
        using (var records = new RecordedLog(log, loaded.Policy!) { Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) })
        {
            foreach (var (target, body) in requests)
            {
                var decision = await records.AddAsync("ci", "POST", target, body, inspect: inspect);
                Assert.True(decision.Allowed, decision.Detail);
                records.Time = records.Time.AddDays(1);
            }
        }

        using var output = new StringWriter();
        Assert.True(PolicyLearnCommand.Run([log], "ci", DateTimeOffset.MinValue, PolicyDirectory.OrdinaryHost, output, output) == 0, output.ToString());
        after.Write("draft.yaml", output.ToString());
        return output.ToString();
    }
}
