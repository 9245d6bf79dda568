using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Others;

[Collection(DebianEngine.Name)]
public sealed class OthersNamesOnDebianEngine(DebianHost host) : OthersNamesTests(host);

[Collection(ModernEngine.Name)]
public sealed class OthersNamesOnModernEngine(ModernHost host) : OthersNamesTests(host);

/// <summary>Names that are bound late, read like ids or claimed by two at once stand for nobody else's objects (I37, I44–I46).</summary>
public abstract class OthersNamesTests(GatewayHost host)
{
    [Fact]
    public async Task I37_TakesNoNameForTheIdItReadsLike()
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
    public async Task I45_JoinsNoNetworkThatCameAfterTheCheck()
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
    public async Task I38_AnswersForNobodyElseOnASharedNetwork()
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
    public async Task I46_MovesNoNameOfAnothers()
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
    public async Task I45_GivesANetworksNameToOneOnly()
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
    public async Task I44_GivesAVolumeThatTwoClaimAtOnceToOneOfThem()
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

    private async Task<string> Id(string user, string line) => (await host.Docker(user, line)).Output.Trim();
}
