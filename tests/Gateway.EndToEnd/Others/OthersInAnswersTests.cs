using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Others;

[Collection(DebianEngine.Name)]
public sealed class OthersInAnswersOnDebianEngine(DebianHost host) : OthersInAnswersTests(host);

[Collection(ModernEngine.Name)]
public sealed class OthersInAnswersOnModernEngine(ModernHost host) : OthersInAnswersTests(host);

/// <summary>Lists, events, reports and errors name, show and count what the caller may see (I40, I48, I51).</summary>
public abstract class OthersInAnswersTests(GatewayHost host)
{
    [Fact]
    public async Task I48_TellsOfOwnEventsOnly()
    {
        var from = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0 - 0.001;
        await host.Docker("alice", "network create others-net");
        await host.Docker("alice", "volume create others-vol");
        await host.Docker("alice", "run --rm --name others-a --network others-net -v others-vol:/d busybox true");
        try
        {
            var window = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"events --since {from:F3} --until {DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0 + 1:F3}");
            var bobs = await host.Docker("bob", window);
            var filtered = await host.Docker("bob", window + " --filter container=others-a");
            var alices = await host.Docker("alice", window);

            Assert.DoesNotContain("others", bobs.Whole, StringComparison.Ordinal);
            Assert.Equal("", filtered.Output);
            foreach (var expected in (string[])["container start", "network create", "volume create", "volume mount", "container destroy"])
            {
                Assert.Contains(expected, alices.Output, StringComparison.Ordinal);
            }
        }
        finally
        {
            await host.Docker("alice", "volume rm others-vol");
            await host.Docker("alice", "network rm others-net");
        }
    }

    [Fact]
    public async Task I40_ShowsOwnContainersOnASharedNetworkOnly()
    {
        Assert.Equal(0, (await host.Docker("alice", "run -d --name others-a busybox sleep 600")).ExitCode);
        Assert.Equal(0, (await host.Docker("bob", "run -d --name others-b busybox sleep 600")).ExitCode);
        try
        {
            Assert.Contains("others-a", (await host.Docker("alice", "network inspect bridge")).Output, StringComparison.Ordinal);
            Assert.DoesNotContain("others-a", (await host.Docker("bob", "network inspect bridge")).Output, StringComparison.Ordinal);
            Assert.DoesNotContain("others-a", await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", "/v1.24/networks", null)), StringComparison.Ordinal);
            Assert.Equal("1", (await host.Docker("bob", "info -f {{.Containers}}")).Output.Trim());
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Docker("bob", "rm -f others-b");
        }
    }

    [Fact]
    public async Task I40_ShowsOfAnybodysNetworkTheContainersThatTheRoleLists()
    {
        await host.Docker("alice", "network create others-net");
        await host.Docker("alice", "run -d --name others-a --network others-net --label watch=yes busybox sleep 600");
        await host.Docker("alice", "run -d --name others-b --network others-net busybox sleep 600");
        try
        {
            var inspected = await host.Docker("dora", "network inspect others-net");
            Assert.Contains("others-a", inspected.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("others-b", inspected.Output, StringComparison.Ordinal);
            var listed = await RawClient.SendAsync(host, "dora", RawEngine.Request("GET", "/v1.24/networks", null));
            Assert.Contains("others-net", listed, StringComparison.Ordinal);
            Assert.DoesNotContain("others-b", listed, StringComparison.Ordinal);
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a others-b");
            await host.Docker("alice", "network rm others-net");
        }
    }

    [Fact]
    public async Task I40_NamesNobodyInAConflict()
    {
        var id = await Id("alice", "run -d --name others-a busybox sleep 600");
        await host.Docker("bob", "create --name others-b busybox");
        try
        {
            foreach (var line in (string[])["create --name others-a busybox", "rename others-b others-a"])
            {
                var conflict = await host.Docker("bob", line);
                Assert.Contains("Conflict. The container name \"/others-a\" is already in use.", conflict.Error, StringComparison.Ordinal);
                Assert.DoesNotContain(id[..12], conflict.Whole, StringComparison.Ordinal);
            }
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Docker("bob", "rm -f others-b");
        }
    }

    [Fact]
    public async Task I40_HidesOthersNamesOfASharedImage()
    {
        await host.Docker("alice", "tag busybox localhost/alice/others:1");
        try
        {
            // bob may read the image, and still not by alice's name for it.
            foreach (var (method, target) in new[] { ("GET", "/images/{0}/json"), ("GET", "/images/{0}/history"), ("POST", "/images/{0}/tag?repo=localhost/bob/y"), ("DELETE", "/images/{0}"), ("GET", "/images/json?filters=%7B%22before%22%3A%5B%22{0}%22%5D%7D") })
            {
                async Task<string> AskAsync(string name) => (await RawClient.SendAsync(host, "bob", RawEngine.Request(method, target.Replace("{0}", name, StringComparison.Ordinal), null))).Split("\r\n\r\n")[1].Replace(name, "NAME", StringComparison.Ordinal);
                Assert.Equal(await AskAsync("localhost/alice/absent:1"), await AskAsync("localhost/alice/others:1"));
            }

            foreach (var filter in (string[])["reference=localhost/alice/others", "reference=localhost/alice/*:1", "reference=*/alice/*"])
            {
                Assert.Equal("", (await host.Docker("bob", $"images -q --filter {filter}")).Output);
            }

            Assert.Equal("", (await host.Docker("bob", "ps -aq --filter ancestor=localhost/alice/others:1")).Output);
            foreach (var line in (string[])["images", "inspect busybox", "history --no-trunc busybox", "system df -v"])
            {
                Assert.DoesNotContain("alice", (await host.Docker("bob", line)).Whole, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("alice", await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", "/images/busybox/history", null)), StringComparison.Ordinal);
            Assert.Contains("localhost/alice/others:1", (await host.Docker("alice", "image inspect busybox")).Output, StringComparison.Ordinal);
        }
        finally
        {
            await host.Docker("alice", "rmi localhost/alice/others:1");
        }
    }

    [Fact]
    public async Task I40_CountsInAReportWhatTheCallerMaySee()
    {
        await host.Docker("alice", "create --name others-a busybox");
        await host.Docker("bob", "create --name others-b busybox");
        await host.Docker("bob", "create --name others-c busybox");
        try
        {
            var images = (await host.Docker("bob", "system df --format {{.Type}}|{{.Active}}|{{.Size}}|{{.Reclaimable}}")).Output.Split('\n')[0].Split('|');
            Assert.Equal("Images", images[0]);
            Assert.Equal("1", images[1]);
            Assert.NotEqual("0B", images[2]);
            Assert.DoesNotContain("-", images[3], StringComparison.Ordinal);

            var report = System.Text.Json.JsonDocument.Parse((await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", "/system/df", null))).Split("\r\n\r\n")[1]).RootElement;
            Assert.Equal(2, report.GetProperty("Containers").GetArrayLength());
            Assert.Contains(report.GetProperty("Images").EnumerateArray(), image => image.GetProperty("Containers").GetInt32() == 2);
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Docker("bob", "rm -f others-b others-c");
        }
    }

    [Fact]
    public async Task I51_ListsExactlyWhatALabelSelects()
    {
        await host.Docker("alice", "create --name others-seen --label watch=yes busybox");
        await host.Docker("bob", "create --name others-hidden --label watch=yes --label hide=yes busybox");
        await host.Docker("alice", "create --name others-plain busybox");
        try
        {
            foreach (var line in (string[])["ps -a --format {{.Names}}", "ps -n 1 --format {{.Names}}", "ps -a --filter name=others --format {{.Names}}"])
            {
                Assert.Equal("others-seen", (await host.Docker("dora", line)).Output.Trim());
            }

            Assert.Equal(0, (await host.Docker("dora", "container inspect others-seen")).ExitCode);
            Assert.Contains("No such container", (await host.Docker("dora", "container inspect others-plain")).Error, StringComparison.OrdinalIgnoreCase);
            Assert.NotEqual(0, (await host.Docker("dora", "container inspect others-hidden")).ExitCode);
            Assert.NotEqual(0, (await host.Docker("dora", "rm others-seen")).ExitCode);
        }
        finally
        {
            await host.Docker("alice", "rm -f others-seen others-plain");
            await host.Docker("bob", "rm -f others-hidden");
        }
    }

    private async Task<string> Id(string user, string line) => (await host.Docker(user, line)).Output.Trim();
}
