using Gateway.Policy.Reach;
using Gateway.Replay;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Replay.Support;
using Xunit;

namespace Gateway.Tests.Replay;

/// <summary>Least privilege: what an audit log shows nobody used, down to single operations and values.</summary>
public sealed class UnusedRightsTests : IDisposable
{
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TellsRulesOperationsAndGrantsThatNobodyUsed()
    {
        folder.Write("p.yaml", """
            version: 1
            roles:
              r:
                rules: [{id: own, allow: [ContainerCreate, ContainerStop, SystemPing]}, {id: volumes, allow: [VolumeCreate]}]
                grants:
                  images: [busybox, nginx]
                  networks: [none, own]
                  capabilities: [NET_ADMIN, SYS_TIME]
                  subnets: [10.0.0.0/8]
                  labels: [traefik.*]
                  memory: {default: 512m, max: 8g}
                  shm-size: 2g
            users: {ci: {roles: [r]}}
            """);
        var policy = folder.Load().Policy!;
        var log = Path.Combine(folder.Root, "audit.log");
        using (var records = new RecordedLog(log, policy))
        {
            Assert.True((await records.AddAsync("ci", "GET", "/_ping")).Allowed);
            Assert.True((await records.AddAsync("ci", "POST", "/v1.41/containers/create", """{"Image":"busybox","HostConfig":{"NetworkMode":"none","CapAdd":["NET_ADMIN"],"Memory":4294967296}}""")).Allowed);
        }

        var found = UnusedRights.Find(policy, [log], DateTimeOffset.MinValue).Select(finding => $"{finding.Kind} {finding.Subject}").ToList();

        Assert.Equal(
            [
                "unused-operations rules.own", "unused-rule rules.volumes", "unused-grant grants.images docker.io/library/nginx", "unused-grant grants.networks own", "unused-grant grants.capabilities SYS_TIME",
                "unused-grant grants.labels traefik.*", "unused-grant grants.subnets 10.0.0.0/8", "unused-grant grants.shm-size",
            ],
            found);
        Assert.All(UnusedRights.Find(policy, [log], DateTimeOffset.MaxValue), finding => Assert.Equal(Weight.Note, finding.Weight));
        Assert.Contains("ContainerStop", UnusedRights.Find(policy, [log], DateTimeOffset.MinValue)[0].Title, StringComparison.Ordinal);
    }
}
