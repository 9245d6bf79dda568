using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

public sealed class RoleLimitsTests
{
    [Fact]
    public void ReadsQuotaAndRate()
    {
        var role = Read("quota: {containers: 10, memory: 8g, cpus: \"2.5\", volumes: 0, networks: 5, streams: 50}, rate: {requests: 50/s, burst: 100}");

        Assert.Equal(new RoleQuota(10, 8L << 30, 2_500_000_000, 0, 5, 50), role.Quota);
        Assert.Equal(new RoleRate(50, 100), role.Rate);
    }

    [Fact]
    public void BoundsNothingThatIsLeftOut()
    {
        Assert.Equal(new RoleQuota(10, null, null, null, null, null), Read("quota: {containers: 10}").Quota);
        Assert.Equal(new RoleRate(5, 5), Read("rate: {requests: 5/s}").Rate);
        Assert.Equal((null, null), (Read("about: x").Quota, Read("about: x").Rate));
    }

    private static Role Read(string keys)
    {
        using var folder = new PolicyDirectory();
        folder.Write("p.yaml", $"version: 1\nroles:\n  r: {{rules: [], {keys}}}\n");
        Assert.Empty(folder.Errors());
        return folder.Load().Policy!.Roles["r"];
    }
}
