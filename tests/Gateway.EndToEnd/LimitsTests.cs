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
    public async Task I32_HoldsUpdatesAtOnceToTheGrantOfEach()
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

    [Fact]
    public async Task I64_LeavesOthersTheirListsAndErrorsBesideALotOfOnesOwn()
    {
        var label = new string('x', 3_900_000);
        try
        {
            for (var n = 0; n < 18; n++)
            {
                Assert.Equal(201, RawClient.Status(await RawClient.JsonAsync(host, "alice", "/volumes/create", $$$"""{"Name":"limits-{{{n}}}","Labels":{"a":"{{{label}}}"}}""")));
            }

            Assert.Equal(200, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", "/volumes", null))));
            Assert.Equal(200, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", "/system/df", null))));
            Assert.Equal(400, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", """{"Image":"busybox","HostConfig":{"Memory":1}}""")));
        }
        finally
        {
            await host.Engine(["volume", "rm", "-f", .. Enumerable.Range(0, 18).Select(n => $"limits-{n}")]);
        }
    }
}
