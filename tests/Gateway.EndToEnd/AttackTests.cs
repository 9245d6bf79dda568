using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class AttacksOnDebianEngine(DebianHost host) : AttackTests(host);

[Collection(ModernEngine.Name)]
public sealed class AttacksOnModernEngine(ModernHost host) : AttackTests(host);

/// <summary>Requests of a developer, raw on the wire, that try to get more than the role grants. None may succeed.</summary>
public abstract class AttackTests(GatewayHost host)
{
    public static TheoryData<string> CreateBodies { get; } =
    [
        """{"Image":"busybox","HostConfig":{"Privileged":true}}""",
        """{"Image":"busybox","hostconfig":{"privileged":true}}""",
        """{"Image":"busybox","Ho\u017ftConfig":{"Privileged":true}}""",
        """{"Image":"busybox","HoſtConfig":{"Privileged":true}}""",
        """{"Image":"busybox","HostConfig":{"Privileged":false},"hostconfig":{"Privileged":true}}""",
        """{"Image":"busybox","HostConfig":{"Privileged":false,"privileged":true}}""",
        """{"Image":"busybox","HostConfig":{},"HostConfig":{"Privileged":true}}""",
        """{"Image":"busybox","Privileged":true}""",
        """{"Image":"busybox","privileged":true,"binds":["/:/h"]}""",
        """{"Image":"busybox","HostConfig":null,"Privileged":true}""",
        """{"Image":"busybox","HostConfig":{"CapAdd":["SYS_ADMIN"]}}""",
        """{"Image":"busybox","HostConfig":{"CapAdd":"sys_admin"}}""",
        """{"Image":"busybox","HostConfig":{"CapAdd":["all"]}}""",
        """{"Image":"busybox","HostConfig":{"CapAdd":["CAP_SYS_PTRACE"]}}""",
        """{"Image":"busybox","HostConfig":{"Binds":["/:/host"]}}""",
        """{"Image":"busybox","HostConfig":{"Binds":["/tmp/../etc:/host:ro"]}}""",
        """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc","Target":"/h"}]}}""",
        """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Name":"local","Options":{"type":"none","o":"bind","device":"/"}}}}]}}""",
        """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Source":"/etc","Target":"/h"}]}}""",
        """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"tmpfs","Target":"/proc"}]}}""",
        """{"Image":"busybox","HostConfig":{"Tmpfs":{"/x":"exec,suid"}}}""",
        """{"Image":"busybox","Volumes":{"/etc:/h":{}}}""",
        """{"Image":"busybox","HostConfig":{"NetworkMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"Networ\u212aMode":"host"}}""",
        """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"host":{}}}}""",
        """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"bridge":null}}}""",
        """{"Image":"busybox","HostConfig":{"PidMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"PidMode":"Host"}}""",
        """{"Image":"busybox","HostConfig":{"IpcMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"UTSMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"UsernsMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"CgroupnsMode":"host"}}""",
        """{"Image":"busybox","HostConfig":{"CgroupParent":"/"}}""",
        """{"Image":"busybox","HostConfig":{"Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":"rwm"}]}}""",
        """{"Image":"busybox","HostConfig":{"DeviceCgroupRules":["a *:* rwm"]}}""",
        """{"Image":"busybox","HostConfig":{"DeviceRequests":[{"Driver":"cdi","DeviceIDs":["x"]}]}}""",
        """{"Image":"busybox","HostConfig":{"SecurityOpt":["seccomp:unconfined"]}}""",
        """{"Image":"busybox","HostConfig":{"SecurityOpt":["apparmor=unconfined"]}}""",
        """{"Image":"busybox","HostConfig":{"SecurityOpt":["label:disable"]}}""",
        """{"Image":"busybox","HostConfig":{"SecurityOpt":["no-new-privileges:false"]}}""",
        """{"Image":"busybox","HostConfig":{"MaskedPaths":[]}}""",
        """{"Image":"busybox","HostConfig":{"ReadonlyPaths":[]}}""",
        """{"Image":"busybox","HostConfig":{"Sysctls":{"kernel.shmmax":"1"}}}""",
        """{"Image":"busybox","HostConfig":{"Runtime":"/bin/sh"}}""",
        """{"Image":"busybox","HostConfig":{"Annotations":{"a":"b"}}}""",
        """{"Image":"busybox","HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"unix:///x"}}}}""",
        """{"Image":"busybox","HostConfig":{"PublishAllPorts":true}}""",
        """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"20001"}]}}}""",
        """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"20001"}]}}}""",
        """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"29999-30001"}]}}}""",
        """{"Image":"busybox","HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"::ffff:127.0.0.1","HostPort":"20001"}]}}}""",
        """{"Image":"busybox","HostConfig":{"Memory":99999999999}}""",
        """{"Image":"busybox","HostConfig":{"MemorySwap":-1}}""",
        """{"Image":"busybox","HostConfig":{"OomKillDisable":true}}""",
        """{"Image":"busybox","HostConfig":{"OomScoreAdj":-500}}""",
        """{"Image":"busybox","HostConfig":{"Ulimits":[{"Name":"nofile","Soft":-1,"Hard":-1}]}}""",
        """{"Image":"busybox","HostConfig":{"StorageOpt":{"size":"100T"}}}""",
        """{"Image":"busybox","Labels":{"gateway.owner":"bob"}}""",
        """{"Image":"busybox","Labels":{"Gateway.Owner":"bob"}}""",
        """{"Image":"busybox","OnBuild":["RUN x"]}""",
        """{"Image":"quay.io/evil/image"}""",
        """{"Image":"busybox","HostConfig":{"Frobnicate":1}}""",
        """{"Image":"busybox","HostConfig":{}}]""",
        """{"Image":"busybox"}{"HostConfig":{"Privileged":true}}""",
        """{"Image":"busybox","HostConfig":{"Privileged":1}}""",
        """{"Image":"busybox","HostConfig":{"Memory":1e8}}""",
        """[{"Image":"busybox"}]""",
        "null",
        "",
    ];

    public static TheoryData<string, int> Wire { get; } = new()
    {
        { "GET /v1.41/containers/json HTTP/1.0\r\nHost: x\r\n\r\n", 505 },
        { "get /v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET //v1.41/containers/json HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /v1.41/containers/../info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /v1.41/containers%2fjson HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /v1.41/%2e%2e/info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /v01.41/info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /v1.23/info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /V1.41/info HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
        { "GET /info/ HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info;x HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info%25 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET http://x/info HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "OPTIONS /info HTTP/1.1\r\nHost: x\r\n\r\n", 403 },
        { "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\nHost: x\n\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400 },
        { "GET /info HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: +2\r\n\r\n{}", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n\r\n{}", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 400 },
        { "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", 415 },
        { "GET /containers/json?all=1&all=0 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /containers/json?nope=1 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /containers/json?a=1;b=2 HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /containers/json?filters={\"label\":[\"gateway.owner=bob\"]} HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /containers/json?filters=%7B%22label%22%3A%5B%22gateway.owner%3Dbob%22%5D%7D HTTP/1.1\r\nHost: x\r\n\r\n", 400 },
        { "GET /debug/pprof/heap HTTP/1.1\r\nHost: x\r\n\r\n", 403 },
        { "GET /swarm HTTP/1.1\r\nHost: x\r\n\r\n", 403 },
        { "POST /grpc HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", 403 },
        { "POST /session HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n", 403 },
        { "POST /images/load HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /images/create?fromSrc=- HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /build?networkmode=host HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /build?remote=http://x/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /build?t=busybox HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /build?version=2 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "POST /images/busybox/tag?repo=busybox&tag=evil HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 403 },
        { "DELETE /images/busybox HTTP/1.1\r\nHost: x\r\n\r\n", 403 },
        { "GET /frobnicate HTTP/1.1\r\nHost: x\r\n\r\n", 404 },
    };

    [Theory]
    [MemberData(nameof(CreateBodies))]
    public async Task RefusesContainerCreate(string body)
    {
        foreach (var prefix in (string[])["", "/v1.24", "/v1.41"])
        {
            var answer = await RawClient.JsonAsync(host, "alice", prefix + "/containers/create", body);

            Assert.InRange(RawClient.Status(answer), 400, 404);
            Assert.Contains("\"message\"", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Wire))]
    public async Task AnswersOddRequestsWithADenial(string bytes, int status) =>
        Assert.Equal(status, RawClient.Status(await RawClient.SendAsync(host, "alice", bytes)));

    [Theory]
    [InlineData("""{"Name":"v-evil","DriverOpts":{"type":"none","o":"bind","device":"/"}}""", "/volumes/create")]
    [InlineData("""{"Name":"v-evil","Driver":"nfs"}""", "/volumes/create")]
    [InlineData("""{"Name":"n-evil","Driver":"macvlan","Options":{"parent":"eth0"}}""", "/networks/create")]
    [InlineData("""{"Name":"n-evil","Options":{"com.docker.network.bridge.name":"docker0"}}""", "/networks/create")]
    [InlineData("""{"Name":"n-evil","ConfigFrom":{"Network":"x"}}""", "/networks/create")]
    [InlineData("""{"Name":"host"}""", "/networks/create")]
    public async Task RefusesVolumesAndNetworksThatReachTheHost(string body, string path) =>
        Assert.InRange(RawClient.Status(await RawClient.JsonAsync(host, "alice", path, body)), 400, 403);

    [Fact]
    public async Task I7_NeverExecutesARequestHiddenInABody()
    {
        const string hidden = "GET /info HTTP/1.1\r\nHost: x\r\n\r\n";

        var answer = await RawClient.SendAsync(host, "alice", $"POST /v1.41/volumes/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {hidden.Length}\r\n\r\n{hidden}");

        Assert.Equal(400, RawClient.Status(answer));
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    /// <summary>A client that sends its whole body before it reads: closing on what still comes would lose the answer to a reset.</summary>
    [Fact]
    public async Task AnswersWhileARefusedUploadIsStillComingAndExecutesNothingOfIt()
    {
        var body = string.Concat(Enumerable.Repeat("GET /info HTTP/1.1\r\nHost: x\r\n\r\n", 300_000));

        var answer = await RawClient.SendAsync(host, "alice", $"POST /build?networkmode=host HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal(403, RawClient.Status(answer));
        Assert.Equal(1, answer.Split("HTTP/1.1 ").Length - 1);
    }

    [Fact]
    public async Task TellsACertificateOfNobodyWhy()
    {
        var answer = await RawClient.SendAsync(host, "nobody", "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Equal(403, RawClient.Status(answer));
        Assert.Contains("no user", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.Ordinal);
    }
}
