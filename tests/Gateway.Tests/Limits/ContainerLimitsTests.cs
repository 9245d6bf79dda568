using System.Text.Json;
using Gateway.EngineApi.Documents;
using Gateway.Limits;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.Limits;

public sealed class ContainerLimitsTests
{
    private static readonly Grants Grants = new() { Memory = new Limit(100, 1000), Cpus = new Limit(1_000_000_000, 2_000_000_000) };

    [Theory]
    [InlineData("""{"HostConfig":{"Memory":5,"NanoCpus":7}}""", 5, 7)]
    [InlineData("""{"HostConfig":{"Memory":0,"NanoCpus":0}}""", 100, 1_000_000_000)]
    [InlineData("""{"HostConfig":{"CpuQuota":50000,"CpuPeriod":0}}""", 100, 500_000_000)]
    [InlineData("""{"HostConfig":{"CpuQuota":50000,"CpuPeriod":25000}}""", 100, 2_000_000_000)]
    [InlineData("{}", 100, 1_000_000_000)]
    public void CountsTheDefaultWhereThereIsNoLimit(string inspected, long memory, long cpus) =>
        Assert.Equal(new ContainerLimits(memory, cpus), ContainerLimits.Of(Parse(inspected), Grants));

    [Fact]
    public void KeepsOnUpdateWhatIsNotNamed() => Assert.Equal(
        new ContainerLimits(9, 7),
        ContainerLimits.After(Parse("""{"HostConfig":{"Memory":5,"NanoCpus":7}}"""), new ContainerUpdateBody { Memory = 9, NanoCpus = 0 }, Grants));

    [Fact]
    public void HoldsOnlyWhatIsAddedAgainstTheQuota()
    {
        var quota = new RoleQuota(1, null, null, 1, null, null);
        var usage = new QuotaUsage(5, 0, 0, 1, 0);

        Assert.Null(usage.Over(quota, new QuotaUsage(0, 0, 0, 1, 0)));
        Assert.Contains("1 containers", usage.Over(quota, new QuotaUsage(1, 0, 0, 0, 0)), StringComparison.Ordinal);
        Assert.Null(new QuotaUsage(1, long.MaxValue, 0, 0, 0).Over(quota, new QuotaUsage(1, 1, 0, 0, 0)));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
