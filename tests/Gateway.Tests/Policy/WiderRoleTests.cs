using System.Text;
using Gateway.Offline;
using Gateway.Policy;
using Gateway.Tests.Policy.Checks.Support;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>What <c>serve --learn</c> marks: all that a caller could be granted short of the host and of what belongs to others.</summary>
public sealed class WiderRoleTests
{
    private const string Narrow = """
        version: 1
        roles:
          narrow: {rules: [{id: look, allow: [SystemPing]}, {id: no, deny: [ContainerExport], reason: not here}], grants: {}}
        users: {alice: {roles: [narrow]}}
        """;

    [Theory]
    [InlineData("POST", "/containers/create", """{"Image":"busybox"}""")]
    [InlineData("POST", "/containers/create", """{"Image":"quay.io/x/y:1","HostConfig":{"CapAdd":["NET_BIND_SERVICE"],"Memory":8589934592,"UTSMode":"host"}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/srv/data:/x:ro"],"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"80"}]}}}""")]
    [InlineData("POST", "/containers/mine/stop", "")]
    [InlineData("POST", "/images/create?fromImage=quay.io/x/y&tag=1", "")]
    [InlineData("POST", "/images/quay.io/bob/secret/push?tag=1", "")]
    [InlineData("POST", "/networks/create", """{"Name":"new-net"}""")]
    public void WouldAllow(string method, string target, string body) => Assert.True(Decide(method, target, body).Allowed, Decide(method, target, body).Detail);

    [Theory]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"PidMode":"host"}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"CapAdd":["SYS_ADMIN"]}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"SecurityOpt":["seccomp=unconfined"]}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Devices":[{"PathOnHost":"/dev/sda"}]}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Runtime":"other"}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"LogConfig":{"Type":"syslog"}}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/etc:/x:ro"]}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","Labels":{"traefik.enable":"true"}}""")]
    [InlineData("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"PidMode":"container:other"}}""")]
    [InlineData("POST", "/containers/other/stop", "")]
    [InlineData("GET", "/containers/mine/export", "")]
    [InlineData("GET", "/nodes", "")]
    [InlineData("POST", "/swarm/init", "{}")]
    [InlineData("POST", "/images/load", "")]
    public void WouldNotAllow(string method, string target, string body) => Assert.False(Decide(method, target, body).Allowed);

    /// <summary>A folder that set-uid programs would work in is not taken for one that an administrator accepts.</summary>
    [Fact]
    public void AcceptsNoSetuid()
    {
        var unmounted = new HostPathFacts(new Dictionary<HostPathName, HostPathFact> { [new("/srv/data")] = new() { Kind = HostPathKind.Folder } });

        Assert.False(Decide("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/srv/data:/x"]}}""", unmounted).Allowed);
        Assert.True(Decide("POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Binds":["/srv/data:/x:ro"]}}""", unmounted).Allowed);
    }

    private static Decision Decide(string method, string target, string body, HostPathFacts? paths = null)
    {
        using var folder = new PolicyDirectory();
        folder.Write("p.yaml", Narrow);
        var caller = OfflineCaller.Find(folder.Load().Policy!, CheckWorld.Alice).Caller;
        var request = OfflineRequest.Of(method, "/v1.44" + target, body.Length == 0 ? null : body).Read();
        var bytes = Encoding.UTF8.GetBytes(body);
        var facts = new RequestFacts
        {
            Objects = RequestReferences.Of(request, bytes).Distinct().ToDictionary(r => r, r => CheckWorld.Objects.GetValueOrDefault(r)),
            HostPaths = paths ?? HostPathFacts.AsGranted,
        };
        Assert.NotNull(PolicyEvaluator.Preview(caller, request));
        return PolicyEvaluator.Decide(WiderRole.Give(caller, request, bytes, facts), request, bytes, facts).Decision;
    }
}
