using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class OthersOnDebianEngine(DebianHost host) : OthersTests(host);

[Collection(ModernEngine.Name)]
public sealed class OthersOnModernEngine(ModernHost host) : OthersTests(host);

/// <summary>What belongs to others stays theirs where names are bound late, labels forged and lists selected (I36–I49).</summary>
public abstract class OthersTests(GatewayHost host)
{
    [Fact]
    [Trait("Invariant", "I37")]
    public async Task TakesNoNameForTheIdItReadsLike()
    {
        var id = await Id("alice", "create --name others-a busybox");
        try
        {
            Assert.Equal(400, RawClient.Status(await RawClient.JsonAsync(host, "bob", $"/containers/create?name={id[..12]}", "{\"Image\":\"busybox\"}")));
            Assert.Equal(400, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/networks/create", $"{{\"Name\":\"{id[..12]}\"}}")));

            // Made past the gateway: the engine takes the name for bob's, and so its full id, never alice's, is what counts.
            var shadow = await host.Engine($"create --name {id[..12]} --label gateway.owner=bob busybox");
            Assert.Contains(shadow, await RawClient.SendAsync(host, "bob", RawEngine.Request("GET", $"/containers/{id[..12]}/json", null)), StringComparison.Ordinal);
            Assert.Equal(204, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("DELETE", $"/containers/{id[..12]}", null))));
            Assert.Equal(404, RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("DELETE", $"/containers/{id[..12]}", null))));
            Assert.Equal(id, await host.Engine("inspect -f {{.Id}} others-a"));
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
        }
    }

    [Fact]
    [Trait("Invariant", "I45")]
    public async Task JoinsNoNetworkThatCameAfterTheCheck()
    {
        try
        {
            await host.Docker("alice", "network create others-net");
            await host.Docker("alice", "create --name others-a --network others-net busybox");
            var kept = await host.Docker("alice", "network rm others-net");
            Assert.Contains("others-a", kept.Error, StringComparison.Ordinal);

            await host.Engine("network rm others-net");
            var taken = await host.Docker("bob", "network create others-net");
            Assert.Contains("already exists", taken.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("others-a", taken.Whole, StringComparison.Ordinal);

            await host.Engine("network create --label gateway.owner=bob others-net");
            Assert.NotEqual(0, (await host.Docker("alice", "start others-a")).ExitCode);
            Assert.NotEqual(0, (await host.Docker("alice", "restart others-a")).ExitCode);
            Assert.Equal("{}", await host.Engine("network", "inspect", "-f", "{{json .Containers}}", "others-net"));
            Assert.Equal("created", await host.Engine("inspect -f {{.State.Status}} others-a"));
        }
        finally
        {
            await host.Docker("alice", "rm -f others-a");
            await host.Engine("network rm others-net");
        }
    }

    [Fact]
    [Trait("Invariant", "I43")]
    public async Task GivesNoRightsByAnImagesLabel()
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
    [Trait("Invariant", "I42")]
    public async Task LeavesNothingOfACreateThatFailed()
    {
        var failed = await RawClient.JsonAsync(host, "bob", "/containers/create?name=others-b", """{"Image":"others-none:1","HostConfig":{"Binds":["others-left:/d"]}}""");

        Assert.Equal(404, RawClient.Status(failed));
        Assert.Contains("No such image: others-none:1", failed, StringComparison.Ordinal);
        Assert.Equal("", await host.Engine("volume ls -q --filter name=others-left"));
    }

    [Fact]
    [Trait("Invariant", "I44")]
    public async Task UsesNoVolumeThatIsAnothersOrNobodys()
    {
        await host.Docker("alice", "volume create others-vol");
        await host.Engine("volume create others-nobody");
        try
        {
            foreach (var name in (string[])["others-vol", "others-nobody"])
            {
                Assert.Equal(404, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", $$$"""{"Image":"busybox","HostConfig":{"Binds":["{{{name}}}:/d"]}}""")));
                Assert.Equal(404, RawClient.Status(await RawClient.JsonAsync(host, "bob", "/containers/create", $$$"""{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"volume","Source":"{{{name}}}","Target":"/d"}]}}""")));
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
    [Trait("Invariant", "I38")]
    public async Task TakesOverNoMountThatItMayNotHaveItself()
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
                Assert.InRange(RawClient.Status(refused), 403, 404);
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
    [Trait("Invariant", "I38")]
    public async Task AnswersForNobodyElseOnASharedNetwork()
    {
        const string shared = Isolation.Victim.Shared;
        await host.Engine($"network create --label gateway.owner=boss {shared}");
        await host.Docker("victor", $"run -d --name others-db --network {shared} busybox sleep 600");
        await host.Docker("mallory", "create --name others-m --hostname others-db busybox true");
        try
        {
            foreach (var line in (string[])[$"create --network {shared} --hostname others-db busybox", $"create --network {shared} --hostname www.example.com busybox", $"create --network {shared} --name www.example.com busybox", $"create --network {shared} --network-alias others-db busybox", $"network connect {shared} others-m"])
            {
                var refused = await host.Docker("mallory", line);
                Assert.NotEqual(0, refused.ExitCode);
                Assert.Matches("shared network|users share", refused.Error);
            }

            Assert.Equal(0, (await host.Docker("mallory", $"run -d --name others-own --network {shared} busybox sleep 600")).ExitCode);
            Assert.NotEqual(0, (await host.Docker("mallory", "rename others-own www.example.com")).ExitCode);
            var address = await host.Engine("inspect", "-f", $"{{{{(index .NetworkSettings.Networks \"{shared}\").IPAddress}}}}", "others-db");
            var answer = await host.Engine($"run --rm --network {shared} busybox nslookup others-db");
            Assert.Equal([address], System.Text.RegularExpressions.Regex.Matches(answer.Split("others-db", 2)[^1], "(?<=Address: )[0-9.]+").Select(match => match.Value));
        }
        finally
        {
            await host.Docker("mallory", "rm -f others-m others-own");
            await host.Docker("victor", "rm -f others-db");
            await host.Engine($"network rm {shared}");
        }
    }

    [Fact]
    [Trait("Invariant", "I33")]
    public async Task WritesTheLogOfAContainerThatAsksForNoDriverToABoundedFile()
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
    [Trait("Invariant", "I46")]
    public async Task MovesNoNameOfAnothers()
    {
        await host.Docker("alice", "tag busybox localhost/alice/others:1");
        await host.Docker("bob", "create --name others-b busybox");
        var images = await TagsAsync();
        try
        {
            foreach (var name in (string[])["localhost/alice/others", "busybox", "docker.io/library/busybox", "index.docker.io/library/busybox", "localhost/bob/../alice/others", "localhost/Alice/others", "0123456789ab", "localhost/bob/x@sha256:" + new string('a', 64)])
            {
                var (escaped, tagged) = (Uri.EscapeDataString(name), Uri.EscapeDataString(name + ":1"));
                foreach (var (target, body) in new[]
                {
                    ($"/images/busybox/tag?repo={escaped}&tag=1", (string?)null), ($"/images/busybox/tag?repo={tagged}", null), ($"/commit?container=others-b&repo={escaped}&tag=1", "{}"), ($"/commit?container=others-b&repo={tagged}", "{}"),
                    ($"/build?t={tagged}", null), ($"/build?t=localhost/bob/x&t={tagged}", null), ($"/images/create?fromSrc=-&repo={escaped}&tag=1", null), ($"/images/{name}/push?tag=1", null), ("/images/load", null),
                })
                {
                    Assert.InRange(RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("POST", target, body))), 400, 404);
                }

                Assert.InRange(RawClient.Status(await RawClient.SendAsync(host, "bob", RawEngine.Request("DELETE", $"/images/{name}?force=1", null))), 400, 404);
            }

            Assert.Equal(images, await TagsAsync());
        }
        finally
        {
            await host.Docker("bob", "rm -f others-b");
            await host.Docker("alice", "rmi localhost/alice/others:1");
        }

        async Task<string[]> TagsAsync() => [.. (await host.Engine("images -a --no-trunc --format {{.Repository}}:{{.Tag}}={{.ID}}")).Split('\n').Order(StringComparer.Ordinal)];
    }

    [Fact]
    [Trait("Invariant", "I45")]
    public async Task GivesANetworksNameToOneOnly()
    {
        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(((string[])["alice", "bob", "alice", "bob"]).Select(user => RawClient.JsonAsync(host, user, "/networks/create", """{"Name":"others-race"}""")));
            var ids = (await host.Engine("network ls -q --filter name=^others-race$")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var id in ids)
            {
                await host.Engine($"network rm {id}");
            }

            Assert.InRange(ids.Length, 0, 1);
        }
    }

    [Fact]
    [Trait("Invariant", "I44")]
    public async Task GivesAVolumeThatTwoClaimAtOnceToOneOfThem()
    {
        try
        {
            for (var round = 0; round < 5; round++)
            {
                await Task.WhenAll(
                    from user in (string[])["alice", "bob"]
                    from field in (string[])["\"Binds\":[\"others-race:/d\"]", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"others-race\",\"Target\":\"/d\"}]"]
                    select RawClient.JsonAsync(host, user, "/containers/create", $$$"""{"Image":"busybox","HostConfig":{{{{field}}}}}"""));
                var owner = await host.Engine("volume", "inspect", "-f", "{{index .Labels \"gateway.owner\"}}", "others-race");
                var users = (await host.Engine("ps", "-a", "--filter", "volume=others-race", "--format", "{{.Label \"gateway.owner\"}}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.All(users, user => Assert.Equal(owner, user));
                await ClearAsync();
            }
        }
        finally
        {
            await ClearAsync();
        }

        async Task ClearAsync()
        {
            foreach (var id in (await host.Engine("ps -aq --filter volume=others-race")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await host.Engine($"rm -f {id}");
            }

            await host.Engine("volume rm others-race");
        }
    }

    [Fact]
    [Trait("Invariant", "I47")]
    public async Task PrunesOwnObjectsOnly()
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
    [Trait("Invariant", "I48")]
    public async Task TellsOfOwnEventsOnly()
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
    [Trait("Invariant", "I40")]
    public async Task ShowsOwnContainersOnASharedNetworkOnly()
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
    [Trait("Invariant", "I40")]
    public async Task NamesNobodyInAConflict()
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
    [Trait("Invariant", "I40")]
    public async Task HidesOthersNamesOfASharedImage()
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
    [Trait("Invariant", "I40")]
    public async Task CountsInAReportWhatTheCallerMaySee()
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
    [Trait("Invariant", "I49")]
    public async Task UsesNoExecOfAnother()
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

    [Fact]
    [Trait("Invariant", "I51")]
    public async Task ListsExactlyWhatALabelSelects()
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
