using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Others;

[Collection(DebianEngine.Name)]
public sealed class OthersObjectsOnDebianEngine(DebianHost host) : OthersObjectsTests(host);

[Collection(ModernEngine.Name)]
public sealed class OthersObjectsOnModernEngine(ModernHost host) : OthersObjectsTests(host);

/// <summary>What belongs to others, or to nobody, is not used: by a forged label, a mount taken over, a prune or an exec (I38, I42–I44, I47, I49).</summary>
public abstract class OthersObjectsTests(GatewayHost host)
{
    [Fact]
    public async Task I43_GivesNoRightsByAnImagesLabel()
    {
        await host.Docker("alice", "create --name others-a busybox");
        var forged = (await host.Engine("commit", "--change", "LABEL gateway.owner=bob", "others-a", "registry.example.com/others/forged:1")).Split(':')[^1];
        var odd = (await host.Engine("commit", "--change", "LABEL Gateway.Owner=bob", "others-a", "docker.io/library/others-odd:1")).Split(':')[^1];
        try
        {
            foreach (var name in (string[])["registry.example.com/others/forged:1", forged, forged[..12]])
            {
                Assert.InRange(RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", $"{{\"Image\":\"{name}\"}}")), 403, 404);
                Assert.Equal(404, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", $"/images/{name}/json", null))));
            }

            Assert.DoesNotContain(forged[..12], (await host.Docker("bob", "images -q")).Output, StringComparison.Ordinal);

            // A container of it would have two owners' labels, and so be nobody's.
            var refused = await RawClient.JsonAsync(host, "bob", "/containers/create?name=others-b", "{\"Image\":\"others-odd:1\"}");
            Assert.Equal(409, RawClient.Status(refused));
            Assert.DoesNotContain(odd, refused, StringComparison.Ordinal);
            Assert.Equal("", await host.Engine("ps -aq --filter name=others-b"));
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Engine($"rmi -f {forged} {odd}");
        }
    }

    [Fact]
    public async Task I42_LeavesNothingOfACreateThatFailed()
    {
        var failed = await RawClient.JsonAsync(host, "bob", "/containers/create?name=others-b", """{"Image":"others-none:1","HostConfig":{"Binds":["others-left:/d"]}}""");

        Assert.Equal(404, RawClient.Status(failed));
        Assert.Contains("No such image: others-none:1", failed, StringComparison.Ordinal);
        Assert.Equal("", await host.Engine("volume ls -q --filter name=others-left"));
    }

    [Fact]
    public async Task I44_UsesNoVolumeThatIsAnothersOrNobodys()
    {
        await host.Docker("alice", "volume create others-vol");
        await host.Engine("volume create others-nobody");
        try
        {
            foreach (var name in (string[])["others-vol", "others-nobody"])
            {
                Assert.Equal(400, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", $$$"""{"Image":"busybox","HostConfig":{"Binds":["{{{name}}}:/d"]}}""")));
                Assert.Equal(400, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", $$$"""{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Source":"{{{name}}}","Target":"/d"}]}}""")));
                var taken = await RawClient.JsonAsync(host, "bob", "/volumes/create", $$"""{"Name":"{{name}}"}""");
                Assert.Equal(409, RawClient.Status(taken));
                Assert.Contains($$"""{"message":"create {{name}}: volume name must be unique"}""", taken, StringComparison.Ordinal);
            }

            Assert.Equal("alice", await host.Engine("volume", "inspect", "-f", "{{index .Labels \"gateway.owner\"}}", "others-vol"));
        }
        finally
        {
            await host.Docker("alice", "volume rm others-vol");
            await host.Engine("volume rm others-nobody");
        }
    }

    [Fact]
    public async Task I38_TakesOverNoMountThatItMayNotHaveItself()
    {
        await host.Docker("alice", "volume create others-vol");

        // Made past the gateway: containers of bob's with what is not his.
        var volume = await host.Engine("create --name others-v --label gateway.owner=bob -v others-vol:/d busybox true");
        var bind = await host.Engine("create --name others-h --label gateway.owner=bob -v /etc:/h:ro busybox true");
        var second = await host.Engine("create --name others-s --label gateway.owner=bob --volumes-from others-v busybox true");
        try
        {
            foreach (var from in (string[])["others-v", volume, volume[..12], "others-s", "others-h", bind])
            {
                var refused = await RawClient.JsonAsync(host, "bob", "/containers/create?name=others-b", $$$"""{"Image":"busybox","HostConfig":{"VolumesFrom":["{{{from}}}"]}}""");
                Assert.InRange(RawClient.Status(refused), 400, 403);
            }

            foreach (var id in (string[])[volume, second, bind])
            {
                Assert.InRange(RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("POST", $"/containers/{id}/start", null))), 403, 404);
            }

            Assert.Equal("", await host.Engine("ps -aq --filter name=others-b"));
            Assert.Equal("others-vol", await host.Engine("volume ls -q --filter name=others-vol"));
        }
        finally
        {
            await host.Engine($"rm -f {volume} {bind} {second}");
            await host.Docker("alice", "volume rm others-vol");
        }
    }

    [Fact]
    public async Task I33_WritesTheLogOfAContainerThatAsksForNoDriverToABoundedFile()
    {
        await host.Docker("bob", "create --name others-b busybox");
        try
        {
            Assert.Equal("json-file map[max-size:100m] private", await host.Engine("inspect", "-f", "{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Config}} {{.HostConfig.CgroupnsMode}}", "others-b"));
        }
        finally
        {
            await host.Docker("bob", "rm -f others-b");
        }
    }

    [Fact]
    public async Task I47_PrunesOwnObjectsOnly()
    {
        await host.Docker("alice", "create --name others-a busybox");
        await host.Docker("alice", "volume create others-vol");
        await host.Docker("alice", "network create others-net");
        try
        {
            foreach (var line in (string[])["container prune -f", "volume prune -af", "network prune -f", "container prune -f --filter label!=none"])
            {
                Assert.DoesNotContain("others", (await host.Docker("bob", line)).Whole, StringComparison.Ordinal);
            }

            Assert.NotEqual("", await host.Engine("ps -aq --filter name=others-a"));
            Assert.Equal("others-vol", await host.Engine("volume ls -q --filter name=others-vol"));
            Assert.NotEqual("", await host.Engine("network ls -q --filter name=others-net"));
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Docker("alice", "volume rm others-vol");
            await host.Docker("alice", "network rm others-net");
        }
    }

    [Fact]
    public async Task I49_UsesNoExecOfAnother()
    {
        var id = await Id("alice", "run -d --name others-a busybox sleep 600");
        try
        {
            var exec = System.Text.RegularExpressions.Regex.Match(await RawClient.JsonAsync(host, "alice", $"/containers/{id}/exec", "{\"Cmd\":[\"touch\",\"/started\"]}"), "[0-9a-f]{64}").Value;

            foreach (var (method, target, body) in new[] { ("POST", "start", "{\"Detach\":true}"), ("GET", "json", (string?)null), ("POST", "resize?h=1&w=1", null) })
            {
                Assert.Equal(404, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request(method, $"/exec/{exec}/{target}", body))));
            }

            Assert.NotEqual("/started", await host.Engine("exec others-a ls /started"));
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
        }
    }

    private async Task<string> Id(string user, string line) => (await host.Docker(user, line)).Output.Trim();
}
