using System.Diagnostics;
using Gateway.EndToEnd.Support;
using Gateway.Policy;
using Xunit;

namespace Gateway.EndToEnd;

/// <summary>An engine that knows no sub-paths of volumes: what lies inside a granted folder is refused, and nothing is made for it.</summary>
[Collection(DebianEngine.Name)]
public sealed class InsideBindsOnDebianEngine(DebianHost host) : IAsyncLifetime
{
    private BindFolder folder = null!;

    public async ValueTask InitializeAsync() => folder = await BindFolder.CreateAsync(host);

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task RefusesPathsInsideAndNamesTheVersion()
    {
        var made = await host.Docker("carol", "create -v /srv/gateway-e2e-binds/inside/carol/project:/m busybox");

        Assert.NotEqual(0, made.ExitCode);
        Assert.Contains("needs API 1.45", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(FolderVolume.Prefix, await host.Engine("volume ls -q"), StringComparison.Ordinal);
        Assert.Equal("inside", (await host.Docker("carol", "run --rm -v /srv/gateway-e2e-binds/inside/carol:/m busybox cat /m/marker")).Output.Trim());
    }
}

/// <summary>Paths inside a granted folder, as a user with a local account who swaps what lies there (Rule B5; I20–I25).</summary>
[Collection(ModernEngine.Name)]
public sealed class InsideBindsOnModernEngine(ModernHost host) : IAsyncLifetime
{
    private const string Inside = "/srv/gateway-e2e-binds/inside/carol";
    private static readonly TimeSpan Swapping = TimeSpan.FromSeconds(10);
    private static readonly string Volume = FolderVolume.NameOf(Inside);

    private BindFolder folder = null!;

    public async ValueTask InitializeAsync() => folder = await BindFolder.CreateAsync(host);

    public async ValueTask DisposeAsync()
    {
        await host.Docker("carol", "rm -f inner other");
        await host.Engine("volume", "rm", "-f", Volume, FolderVolume.NameOf("/srv/gateway-e2e-binds/shared"));
        folder.Dispose();
    }

    [Theory]
    [InlineData($"-v {Inside}/project:/m", "project")]
    [InlineData($"-v {Inside}/project:/m:ro", "project")]
    [InlineData($"--mount type=bind,src={Inside}/deep/er,dst=/m", "deeper")]
    [InlineData($"-v {Inside}/file:/m/marker", "file")]
    [InlineData($"-v {Inside}:/m", "inside")]
    [InlineData($"-v {Inside}/project:/m -v {Inside}/deep:/deep -v {Inside}:/all", "project")]
    [InlineData("-v /srv/gateway-e2e-binds/shared/a:/m:ro", "shared")]
    public async Task MountsWhatLiesInside(string options, string marker) =>
        Assert.Equal(marker, (await host.Docker("carol", $"run --rm {options} busybox cat /m/marker")).Output.Trim());

    [Fact]
    public async Task WritesToTheHostsFolder()
    {
        Assert.Equal("", (await host.Docker("carol", $"run --rm -v {Inside}/project:/m busybox sh -c echo>/m/new")).Error);
        Assert.True(File.Exists(folder.Path("inside/carol/project/new")));
        Assert.NotEqual(0, (await host.Docker("carol", $"run --rm -v {Inside}/project:/m:ro busybox touch /m/more")).ExitCode);
    }

    [Theory]
    [InlineData($"-v {Inside}/none:/m", "does not exist")]
    [InlineData($"-v {Inside}/out:/m", "is a symbolic link")]
    [InlineData($"-v {Inside}/out/marker:/m", "is a symbolic link")]
    [InlineData($"-v {Inside}/../../secret:/m", "no grant")]
    [InlineData($"-v {Inside}/project/..:/m", "no grant")]
    [InlineData("-v /srv/gateway-e2e-binds/inside/bob/project:/m", "no grant")]
    [InlineData("-v /srv/gateway-e2e-binds/inside/carolx/project:/m", "no grant")]
    [InlineData("-v /srv/gateway-e2e-binds/data/carol/sub:/m", "no grant")]
    [InlineData("-v /srv/gateway-e2e-binds/shared/a:/m", "no grant")]
    [InlineData($"-v {Inside}/project:/m:rshared", "not granted")]
    [InlineData("-v gateway-folder.srv.gateway-e2e-binds.inside.carol:/m", "gateway's own")]
    [InlineData("--mount type=volume,src=gateway-folder.srv.gateway-e2e-binds.inside.bob,dst=/m", "gateway's own")]
    public async Task I20_RefusesOtherPaths(string options, string why)
    {
        var made = await host.Docker("carol", $"create {options} busybox");

        Assert.NotEqual(0, made.ExitCode);
        Assert.Contains(why, made.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I22_NeverLeavesTheFolderWhateverIsSwapped()
    {
        string[] paths = ["project", "deep/er", "file"];
        foreach (var path in paths)
        {
            await host.Docker("carol", $"create --name kept-{path.Replace('/', '-')} -v {Inside}/{path}:/m{(path == "file" ? "/marker" : "")} busybox cat /m/marker");
        }

        await host.Docker("carol", $"run -d --restart always --name again -v {Inside}/project:/m busybox cat /m/marker");
        using var swapper = folder.SwapInside();
        try
        {
            var (seen, time) = (new List<string>(), Stopwatch.StartNew());
            while (time.Elapsed < Swapping || seen.Count == 0)
            {
                foreach (var path in paths)
                {
                    var name = path.Replace('/', '-');
                    var target = path == "file" ? "/marker" : "";
                    seen.Add((await host.Docker("carol", $"start -a kept-{name}")).Output);
                    seen.Add((await host.Docker("carol", $"run --rm -v {Inside}/{path}:/m{target}:ro busybox cat /m/marker")).Output);
                    seen.Add((await host.Docker("carol", $"cp kept-{name}:/m/marker -")).Output);
                    await host.Docker("carol", $"restart -t 0 kept-{name}");
                    seen.Add((await host.Docker("carol", $"logs kept-{name}")).Output);
                    seen.Add((await host.Docker("carol", $"run --rm --volumes-from kept-{name} busybox cat /m/marker")).Output);
                }
            }

            seen.Add((await host.Docker("carol", "logs again")).Output);
            Assert.All(seen, output => Assert.DoesNotContain("secret\n", output, StringComparison.Ordinal));
            Assert.Contains(seen, output => output.Contains("project", StringComparison.Ordinal) || output.Contains("deeper", StringComparison.Ordinal) || output.Contains("file", StringComparison.Ordinal));
            Assert.False(swapper.HasExited);
        }
        finally
        {
            swapper.Kill(entireProcessTree: true);
            await swapper.WaitForExitAsync(TestContext.Current.CancellationToken);
            await host.Docker("carol", "rm -f again kept-project kept-deep-er kept-file");
        }
    }

    [Fact]
    public async Task SaysOfAPathThatBecameALinkOnlyThat()
    {
        await host.Docker("carol", $"create --name inner -v {Inside}/project:/m busybox cat /m/marker");
        Directory.Delete(folder.Path("inside/carol/project"), recursive: true);
        foreach (var target in (string[])["/srv/gateway-e2e-binds/secret", "/srv/gateway-e2e-binds/nothing", "/root"])
        {
            File.CreateSymbolicLink(folder.Path("inside/carol/project"), target);
            var started = await host.Docker("carol", "start -a inner");
            File.Delete(folder.Path("inside/carol/project"));

            Assert.NotEqual(0, started.ExitCode);
            Assert.Contains("a path inside a granted folder cannot be mounted", started.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(FolderVolume.Prefix, started.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ShowsTheBindThatWasAskedForAndNotTheVolume()
    {
        await host.Docker("carol", $"run -d --name inner -v {Inside}/project:/m busybox sleep 600");

        Assert.Equal($"bind {Inside}/project /m true", (await host.Docker("carol", "inspect inner -f {{range.Mounts}}{{.Type}}\u00a0{{.Source}}\u00a0{{.Destination}}\u00a0{{.RW}}{{end}}")).Output.Trim().Replace('\u00a0', ' '));
        Assert.Equal($"bind{Inside}/project", (await host.Docker("carol", "inspect inner -f {{range.HostConfig.Mounts}}{{.Type}}{{.Source}}{{end}}")).Output.Trim());
        Assert.Equal(Inside, (await host.Docker("carol", "ps --no-trunc --filter name=inner --format {{.Mounts}}")).Output.Trim());
        foreach (var line in (string[])["volume ls", "system df -v", "inspect inner", "events --since 10m --until 0s", "ps --no-trunc --format json", "volume prune -af"])
        {
            Assert.DoesNotContain(FolderVolume.Prefix, (await host.Docker("carol", line)).Whole, StringComparison.Ordinal);
        }

        foreach (var line in (string[])["volume inspect", "volume rm", "volume create"])
        {
            var refused = await host.Docker("carol", $"{line} {Volume}");
            Assert.NotEqual(0, refused.ExitCode);
            Assert.Contains(line == "volume create" ? "gateway's own" : "no such volume", refused.Error, StringComparison.Ordinal);
        }

        Assert.Contains(Volume, (await host.Docker("boss", "volume ls -q")).Output, StringComparison.Ordinal);
        Assert.Contains(Volume, (await host.Docker("boss", "inspect inner")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesNoVolumeForItsOwnThatItDidNotMake()
    {
        string[][] plants =
        [
            [],
            ["-o", "type=none", "-o", "o=bind", "-o", "device=/srv/gateway-e2e-binds/secret", "--label", $"gateway.folder={Inside}"],
            ["-o", "type=none", "-o", "o=bind", "-o", $"device={Inside}", "--label", $"gateway.folder={Inside}", "--label", "gateway.owner=carol"],
        ];
        foreach (var plant in plants)
        {
            await host.Engine(["volume", "create", .. plant, Volume]);

            var made = await host.Docker("carol", $"create -v {Inside}/project:/m busybox");
            Assert.NotEqual(0, made.ExitCode);
            Assert.Contains("not as the gateway makes it", made.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(FolderVolume.Prefix, (await host.Docker("carol", "volume ls -q")).Output, StringComparison.Ordinal);
            Assert.NotEqual(0, (await host.Docker("carol", $"volume rm {Volume}")).ExitCode);
            await host.Engine("volume", "rm", Volume);
        }
    }

    [Fact]
    public async Task I23_MakesNoDeviceNodeThroughIt()
    {
        Assert.NotEqual(0, (await host.Docker("carol", $"run --rm -v {Inside}/project:/m busybox mknod /m/disk b 8 0")).ExitCode);
        await host.Docker("carol", $"create --name inner -v {Inside}/project:/m busybox");
        Assert.NotEqual(0, (await host.Docker("carol", "run --rm --volumes-from inner busybox mknod /m/disk b 8 0")).ExitCode);
        Assert.Contains("set-uid", (await host.Shell("carol", "d=$(mktemp -d); cp /bin/true $d/x; chmod u+s $d/x; docker cp $d/x inner:/m; rm -r $d")).Error, StringComparison.Ordinal);
        Assert.Equal(["marker"], Directory.GetFileSystemEntries(folder.Path("inside/carol/project")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task MakesOneVolumeForManyCreatesAtOnce()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => host.Docker("carol", $"run --rm -v {Inside}/project:/m busybox cat /m/marker")));

        Assert.All(made, run => Assert.Equal("project", run.Output.Trim()));
        Assert.Equal(Volume, await host.Engine("volume", "ls", "-q", "--filter", $"name={Volume}"));
    }

    [Fact]
    public async Task I22_LooksAgainAtEveryStart()
    {
        await host.Docker("carol", $"create --name inner -v {Inside}/project:/m busybox cat /m/marker");
        await Run.Async("chmod", ["777", folder.Path("inside")]);

        Assert.Contains("can be written by others", (await host.Docker("carol", "start inner")).Error, StringComparison.Ordinal);
        Assert.Contains("can be written by others", (await host.Docker("carol", $"create -v {Inside}/project:/m busybox")).Error, StringComparison.Ordinal);
    }
}
