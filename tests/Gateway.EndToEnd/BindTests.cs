using System.Diagnostics;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class BindsOnDebianEngine(DebianHost host) : BindTests(host);

[Collection(ModernEngine.Name)]
public sealed class BindsOnModernEngine(ModernHost host) : BindTests(host);

/// <summary>Folders of the host, as a user who is granted some of them and has a local account to swap things with (Rule B; I20–I25).</summary>
public abstract class BindTests(GatewayHost host) : IAsyncLifetime
{
    private static readonly TimeSpan Swapping = TimeSpan.FromSeconds(10);

    private BindFolder folder = null!;

    public async ValueTask InitializeAsync() => folder = await BindFolder.CreateAsync(host);

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol:/m", "carol")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol:/m:ro", "carol")]
    [InlineData("--mount type=bind,src=/srv/gateway-e2e-binds/readable,dst=/m,readonly", "readable")]
    [InlineData("-v /srv/gateway-e2e-binds/file:/m/marker:ro", "file")]
    [InlineData("--device /dev/null:/dev/nothing -v /srv/gateway-e2e-binds/data/carol:/m", "carol")]
    public async Task MountsWhatIsGranted(string options, string marker) =>
        Assert.Equal(marker, (await host.Docker("carol", $"run --rm {options} busybox cat /m/marker")).Output.Trim());

    [Theory]
    [InlineData("-v /srv/gateway-e2e-binds/secret:/m")]
    [InlineData("-v /srv/gateway-e2e-binds:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carolx:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/bob:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol/sub:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol/../../secret:/m")]
    [InlineData("-v /srv/gateway-e2e-binds//data/carol:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol/.:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/${user}:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/readable:/m")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol:/m:z")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol:/m:rshared")]
    [InlineData("-v /:/m")]
    [InlineData("--mount type=volume,src=v-of-carol,dst=/m,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/srv/gateway-e2e-binds/secret")]
    [InlineData("--mount type=bind,src=/srv/gateway-e2e-binds/secret,dst=/m,readonly")]
    public async Task I20_RefusesBindsOutsideTheGrant(string options) => await RefusesAsync(options, "");

    [Theory]
    [InlineData("-v /srv/gateway-e2e-binds/open/target:/m", "can be written by others than root")]
    [InlineData("-v /srv/gateway-e2e-binds/link:/m:ro", "is a symbolic link")]
    [InlineData("--device /dev/no-such-device", "does not exist")]
    [InlineData("--device /dev/stdin", "is a symbolic link")]
    [InlineData("--device /dev/shm", "it is no device")]
    public async Task I21_RefusesGrantedPathsThatOthersCanSwap(string options, string why) => await RefusesAsync(options, why);

    [Fact]
    public async Task I22_NeverShowsAnotherFolderWhateverIsSwapped()
    {
        using var swapper = folder.Swap();
        try
        {
            await host.Docker("carol", "create --name swapped -v /srv/gateway-e2e-binds/data/carol:/m busybox cat /m/marker /m/sub/marker");
            var (good, time) = (0, Stopwatch.StartNew());
            while (time.Elapsed < Swapping)
            {
                Assert.NotEqual(0, (await host.Docker("carol", "create -v /srv/gateway-e2e-binds/open/target:/m busybox")).ExitCode);
                var started = await host.Docker("carol", "start -a swapped");
                Assert.DoesNotContain("secret\n", started.Output, StringComparison.Ordinal);
                good += started.Output.StartsWith("carol\n", StringComparison.Ordinal) ? 1 : 0;
            }

            Assert.True(good > 0);
            Assert.False(swapper.HasExited);
        }
        finally
        {
            swapper.Kill(entireProcessTree: true);
            await swapper.WaitForExitAsync(TestContext.Current.CancellationToken);
            await host.Docker("carol", "rm -f swapped");
        }
    }

    [Fact]
    public async Task I22_LooksAgainAtEveryStart()
    {
        // Made past the gateway, as if it had been granted before.
        await host.Engine("create", "--name", "from-before", "--label", "gateway.owner=carol", "-v", BindFolder.Root + "/open/target:/m", "busybox", "cat", "/m/marker");
        try
        {
            foreach (var verb in (string[])["start", "restart"])
            {
                Assert.Contains("can be written by others", (await host.Docker("carol", verb + " from-before")).Error, StringComparison.Ordinal);
            }

            Assert.Contains("cannot be bound safely", (await host.Docker("carol", "create --volumes-from from-before busybox")).Error, StringComparison.Ordinal);
            Assert.Equal("created", await host.Engine("inspect -f {{.State.Status}} from-before"));
        }
        finally
        {
            await host.Engine("rm -f from-before");
        }
    }

    [Fact]
    public async Task I23_MakesNoDeviceNodeThroughABind()
    {
        var made = await host.Docker("carol", "run --rm -v /srv/gateway-e2e-binds/data/carol:/m busybox mknod /m/disk b 8 0");
        Assert.NotEqual(0, made.ExitCode);
    }

    [Fact]
    public async Task I25_NeverHasTheEngineMakeAMissingSource()
    {
        await RefusesAsync("-v /srv/gateway-e2e-binds/missing:/m:ro", "does not exist");
        Assert.Contains("no such file", (await host.Engine("run", "--rm", "-v", "/srv:/srv:ro", "busybox", "sh", "-c", $"ls -d {BindFolder.Root}/missing 2>&1")).ToLowerInvariant(), StringComparison.Ordinal);
    }

    private async Task RefusesAsync(string options, string why)
    {
        var result = await host.Docker("carol", $"create {options} busybox");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
    }
}
