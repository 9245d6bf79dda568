using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class BoundArchivesOnDebianEngine(DebianHost host) : BoundArchiveTests(host);

[Collection(ModernEngine.Name)]
public sealed class BoundArchivesOnModernEngine(ModernHost host) : BoundArchiveTests(host);

/// <summary>docker cp into a container that has a folder of the host read-write: what arrives there, and what does not (Rule B8; I23).</summary>
public abstract class BoundArchiveTests(GatewayHost host) : IAsyncLifetime
{
    private BindFolder folder = null!;
    private string work = "";

    public async ValueTask InitializeAsync()
    {
        folder = await BindFolder.CreateAsync(host);
        work = Directory.CreateTempSubdirectory("gateway-e2e-archive-").FullName;
        await host.Docker("carol", "rm -f archived");
        Assert.Equal(0, (await host.Docker("carol", "create --name archived -v /srv/gateway-e2e-binds/data/carol:/m busybox sleep 600")).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await host.Docker("carol", "rm -f archived");
        Directory.Delete(work, recursive: true);
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CopiesFilesFoldersAndLinks(bool running)
    {
        await ShellAsync($"mkdir -p deep/{new string('n', 120)}; echo text > deep/{new string('n', 120)}/file; ln -s file deep/link; head -c 3000000 /dev/zero > deep/big; echo one > one");
        if (running)
        {
            await host.Docker("carol", "start archived");
        }

        Assert.Equal("", (await host.Docker("carol", $"cp -q {work}/one archived:/m/one")).Error);
        Assert.Equal("", (await host.Docker("carol", $"cp -q {work}/deep archived:/m")).Error);

        Assert.Equal("one", folder.Read("data/carol/one").Trim());
        Assert.Equal("text", folder.Read($"data/carol/deep/{new string('n', 120)}/file").Trim());
        Assert.Equal("file", File.ResolveLinkTarget(folder.Path("data/carol/deep/link"), false)?.Name);
        Assert.Equal(3_000_000, folder.Read("data/carol/deep/big").Length);
    }

    [Theory]
    [InlineData("cp /bin/true x; chmod u+s x", "set-uid")]
    [InlineData("cp /bin/true x; chmod g+s x", "set-gid")]
    [InlineData("mknod x b 8 0", "device")]
    [InlineData("mknod x c 1 3", "device")]
    [InlineData("mkfifo x", "pipe")]
    [InlineData("cp /bin/true x; setcap cap_setuid+ep x", "attribute security.capability")]
    public async Task I23_CopiesNothingThatActsOnTheHost(string make, string why)
    {
        await ShellAsync("mkdir folder; cd folder; echo first > a; " + make);

        var copied = await host.Docker("carol", $"cp {work}/folder archived:/m");

        Assert.NotEqual(0, copied.ExitCode);
        Assert.Contains(why, copied.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("data/carol/folder/x")));
        await host.UntilRecordedAsync("the refusal", r => r.Contains("stream-end", StringComparison.Ordinal) && r.Contains("\"decision\":\"deny\"", StringComparison.Ordinal) && r.Contains(why, StringComparison.Ordinal), 1);
    }

    [Theory]
    [InlineData("tar -cf - x", "device")]
    [InlineData("tar --format gnu -cf - x", "device")]
    [InlineData("tar --format pax -cf - x", "device")]
    [InlineData("tar -czf - x", "compressed")]
    [InlineData("tar -cjf - x", "compressed")]
    [InlineData("tar -cJf - x", "compressed")]
    [InlineData("head -c 4096 /dev/urandom | base64", "archive")]
    public async Task I23_PassesNoArchiveOnThatHidesADevice(string archive, string why)
    {
        await ShellAsync("mknod x b 8 0");

        var copied = await host.Shell("carol", $"cd {work}; {archive} | docker cp - archived:/m");

        Assert.NotEqual(0, copied.ExitCode);
        Assert.Contains(why, copied.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("data/carol/x")));
    }

    [Fact]
    public async Task SaysWhyInTheMiddleOfALongArchive()
    {
        await ShellAsync("mkdir folder; cd folder; head -c 20000000 /dev/zero > a; mknod b b 8 0; head -c 60000000 /dev/zero > c");

        var copied = await host.Shell("carol", $"cd {work}/folder; tar -cf - a b c | docker cp - archived:/m");

        Assert.NotEqual(0, copied.ExitCode);
        Assert.Contains("\"b\" of the archive is a device", copied.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Path("data/carol/b")));
        Assert.False(File.Exists(folder.Path("data/carol/c")));
    }

    [Fact]
    public async Task LeavesOtherContainersAlone()
    {
        await ShellAsync("cp /bin/true x; chmod u+s x");
        await host.Docker("carol", "create --name plain -v plain-volume:/v busybox");
        try
        {
            Assert.Equal("", (await host.Docker("carol", $"cp -q {work}/x plain:/v/x")).Error);
        }
        finally
        {
            await host.Docker("carol", "rm -f plain");
            await host.Docker("carol", "volume rm plain-volume");
        }
    }

    private async Task ShellAsync(string script)
    {
        var made = await Run.Async("/bin/bash", ["-euc", $"cd {work}; {script}"]);
        Assert.True(made.ExitCode == 0, made.Whole);
    }
}
