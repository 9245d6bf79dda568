using System.Globalization;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class LimitsOnDebianEngine(DebianHost host) : LimitsTests(host);

[Collection(ModernEngine.Name)]
public sealed class LimitsOnModernEngine(ModernHost host) : LimitsTests(host);

/// <summary>What one user asks for at once, or in great numbers, stays within the grants and leaves others their calls (I32, I64).</summary>
public abstract class LimitsTests(GatewayHost host)
{
    [Fact]
    [Trait("Invariant", "I32")]
    public async Task HoldsUpdatesAtOnceToTheGrantOfEach()
    {
        Assert.Equal(0, (await host.Docker("alice", "create --name limits-cpu --cpu-period 100000 --cpu-quota 1000 busybox")).ExitCode);
        try
        {
            for (var round = 0; round < 20; round++)
            {
                await host.Engine("update --cpu-period 100000 --cpu-quota 1000 limits-cpu");
                await Task.WhenAll(((string[])["{\"CpuPeriod\":1000}", "{\"CpuQuota\":200000}"]).Select(body => RawClient.JsonAsync(host, "alice", "/containers/limits-cpu/update", body)));

                var limits = (await host.Engine("inspect -f {{.HostConfig.CpuQuota}}/{{.HostConfig.CpuPeriod}} limits-cpu")).Split('/').Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
                Assert.True(limits[0] <= 2 * limits[1], $"{limits[0]} of {limits[1]}");
            }
        }
        finally
        {
            await host.Docker("alice", "rm -f limits-cpu");
        }
    }
}
