using System.Text.RegularExpressions;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Swarm;

/// <summary>
/// A swarm's services, tasks, secrets, configs and nodes have no owner, whatever label they carry: developers neither see nor use
/// them, whoever may look at everything sees what is no secret, and an administrator works with them (I38–I40, I66).
/// </summary>
public sealed partial class SwarmTests(SwarmHost host) : IClassFixture<SwarmHost>
{
    private const string None = "zzzzzzzzzzzzzzzzzzzzzzzzz";
    private static readonly string[] Kinds = ["services", "tasks", "secrets", "configs", "nodes"];

    /// <summary>Alice's label is on half of it, bob's on nothing, and mallory's role has every operation on what is her own.</summary>
    public static TheoryData<string> Users => ["alice", "bob", "mallory"];

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I40_ListsNothingOfASwarm(string user)
    {
        foreach (var kind in Kinds)
        {
            var answer = await AskAsync(user, "GET", "/" + kind);

            Assert.True(RawClient.Status(answer) == 403 || answer.TrimEnd().EndsWith("\r\n[]", StringComparison.Ordinal), answer);
            HoldsNoWord(answer);
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I39_AnswersForASwarmsObjectAsForNone(string user)
    {
        foreach (var (name, id) in host.Ids.Where(entry => entry.Key.Split('/')[0] is not ("containers" or "networks")))
        {
            var kind = name.Split('/')[0];
            foreach (var (method, path, body) in Requests(kind))
            {
                var answer = await AskAsync(user, method, path.Replace("ID", id, StringComparison.Ordinal), body);

                Assert.True(RawClient.Status(answer) is 403 or 404, $"{method} {path}: {answer}");
                Assert.Equal(Plain(await AskAsync(user, method, path.Replace("ID", None, StringComparison.Ordinal), body), None), Plain(answer, id));
            }
        }

        foreach (var owner in SwarmHost.Owners)
        {
            Assert.Equal(host.Ids["services/" + owner], await host.Engine($"service inspect --format {{{{.ID}}}} service-{owner}"));
            Assert.Equal("sleep 900", await host.Engine("service", "inspect", "--format", "{{range .Spec.TaskTemplate.ContainerSpec.Args}}{{.}} {{end}}", $"service-{owner}"));
            Assert.Equal(host.Ids["secrets/" + owner], await host.Engine($"secret inspect --format {{{{.ID}}}} secret-{owner}"));
            Assert.Equal(host.Ids["configs/" + owner], await host.Engine($"config inspect --format {{{{.ID}}}} config-{owner}"));
        }

        Assert.Equal("active", await host.Engine("node inspect --format {{.Spec.Availability}} self"));
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I38_ReachesNoContainerOfATask(string user)
    {
        var list = await host.Docker(user, "ps -a --no-trunc");
        HoldsNoWord(list.Whole);
        foreach (var id in SwarmHost.Owners.Select(owner => host.Ids["containers/" + owner]))
        {
            foreach (var line in (string[])["inspect", "logs", "stop", "rm -f", "top"])
            {
                var result = await host.Docker(user, $"{line} {id}");
                Assert.Contains("No such", result.Error, StringComparison.OrdinalIgnoreCase);
            }

            Assert.Equal(404, RawClient.Status(await RawClient.JsonAsync(host, user, $"/containers/{id}/exec", """{"Cmd":["id"]}""")));
            Assert.Equal("running", await host.Engine($"inspect --format {{{{.State.Status}}}} {id}"));
        }
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I38_JoinsNoNetworkOfASwarm(string user)
    {
        foreach (var network in (string[])[SwarmHost.Network, host.Ids["networks/"]])
        {
            var (answer, none) = (await CreateOnAsync(user, network), await CreateOnAsync(user, None));
            Assert.Equal(400, RawClient.Status(answer));
            Assert.Equal(Plain(none, None), Plain(answer, network));
        }

        HoldsNoWord((await host.Docker(user, "network ls --no-trunc")).Whole);
        Assert.Equal(404, RawClient.Status(await AskAsync(user, "GET", "/networks/" + SwarmHost.Network)));
        Assert.Equal(403, RawClient.Status(await AskAsync(user, "POST", "/networks/create", """{"Name":"mine","Driver":"overlay","Attachable":true}""")));
        Assert.Equal("", await host.Engine("network ls -q --filter name=mine"));
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I66_MakesNothingInASwarm(string user)
    {
        const string service = """{"Name":"way-out","Labels":{"gateway.owner":"alice"},"TaskTemplate":{"ContainerSpec":{"Image":"busybox","Mounts":[{"Type":"bind","Source":"/","Target":"/host"}]}}}""";

        Assert.Equal(403, RawClient.Status(await AskAsync(user, "POST", "/services/create", service)));
        Assert.Equal(403, RawClient.Status(await AskAsync(user, "POST", "/secrets/create", """{"Name":"way-out","Data":"eA=="}""")));
        Assert.Equal(403, RawClient.Status(await AskAsync(user, "POST", "/configs/create", """{"Name":"way-out","Data":"eA=="}""")));
        foreach (var (method, path, body) in new[] { ("GET", "/swarm", null), ("GET", "/swarm/unlockkey", null), ("POST", "/swarm/leave?force=1", null), ("POST", "/swarm/update?version=1&rotateWorkerToken=1", "{}") })
        {
            var answer = await AskAsync(user, method, path, body);
            Assert.Equal(403, RawClient.Status(answer));
            HoldsNoWord(answer);
        }

        Assert.Equal("", await host.Engine("service ls -q --filter name=way-out") + await host.Engine("secret ls -q --filter name=way-out") + await host.Engine("config ls -q --filter name=way-out"));
        Assert.Equal(host.Words[^3], await host.Engine("swarm join-token -q worker"));
    }

    [Theory]
    [MemberData(nameof(Users))]
    public async Task I40_SaysNothingOfTheSwarmInReports(string user)
    {
        var info = await AskAsync(user, "GET", "/info");
        Assert.Contains("\"Swarm\":{\"LocalNodeState\":\"inactive\"}", info, StringComparison.Ordinal);
        HoldsNoWord(info + await AskAsync(user, "GET", "/system/df"));
    }

    [Fact]
    public async Task I48_TellsNobodyOfASwarmsEvents()
    {
        var since = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeSeconds();
        await host.Engine("service update -q -d --label-add touched=yes service-alice");
        await host.Engine("secret create touched -");
        var line = $"events --since {since} --until {DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeSeconds()}";

        Assert.Contains("service update " + host.Ids["services/alice"], (await host.Docker("boss", line)).Output, StringComparison.Ordinal);
        foreach (var user in Users)
        {
            Assert.Equal("", (await host.Docker((string)user, line)).Whole.Replace("exit 0", "", StringComparison.Ordinal).Trim());
        }
    }

    [Fact]
    public async Task ShowsWhoeverMayLookAtEverythingWhatIsNoSecret()
    {
        Assert.Contains("service-none", (await host.Docker(SwarmHost.Onlooker, "service ls")).Output, StringComparison.Ordinal);
        Assert.Contains("service-alice.1", (await host.Docker(SwarmHost.Onlooker, "service ps service-alice")).Output, StringComparison.Ordinal);
        Assert.Contains(host.Ids["nodes/"], (await host.Docker(SwarmHost.Onlooker, "node ls")).Output, StringComparison.Ordinal);
        foreach (var path in (string[])["/swarm", "/configs", "/secrets", "/configs/" + host.Ids["configs/none"]])
        {
            Assert.Equal(403, RawClient.Status(await AskAsync(SwarmHost.Onlooker, "GET", path)));
        }

        Assert.Equal(403, RawClient.Status(await AskAsync(SwarmHost.Onlooker, "DELETE", "/services/" + host.Ids["services/none"])));
    }

    [Fact]
    public async Task LetsAnAdministratorWorkWithASwarm()
    {
        foreach (var line in (string[])
            [
                "service create -q -d --no-resolve-image --name boss-service busybox sleep 900", "service update -q -d --label-add a=b boss-service", "service ps boss-service", "service rm boss-service",
                "network create -d overlay boss-overlay", "network rm boss-overlay", "node inspect self", "secret inspect secret-alice", "config inspect config-none",
            ])
        {
            var result = await host.Docker("boss", line);
            Assert.True(result.ExitCode == 0, $"{line}: {result.Whole}");
        }

        Assert.Equal(0, (await host.Docker("boss", "secret create boss-secret -", "x"u8.ToArray())).ExitCode);
        Assert.Equal(0, (await host.Docker("boss", "secret rm boss-secret")).ExitCode);
        Assert.Equal(host.Words[^3], (await host.Docker("boss", "swarm join-token -q worker")).Output.Trim());
        Assert.Equal("active", (await host.Docker("boss", "info --format {{.Swarm.LocalNodeState}}")).Output.Trim());
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests(string kind)
    {
        yield return ("GET", $"/{kind}/ID", null);
        if (kind is "services" or "tasks")
        {
            yield return ("GET", $"/{kind}/ID/logs?stdout=1", null);
        }

        if (kind != "tasks")
        {
            yield return ("POST", $"/{kind}/ID/update?version=1", kind == "nodes" ? """{"Role":"worker","Availability":"drain"}""" : """{"Name":"x"}""");
            yield return ("DELETE", $"/{kind}/ID", null);
        }
    }

    private Task<string> CreateOnAsync(string user, string network) =>
        AskAsync(user, "POST", "/containers/create", $$$"""{"Image":"busybox","HostConfig":{"NetworkMode":"{{{network}}}"}}""");

    private Task<string> AskAsync(string user, string method, string path, string? body = null) => RawClient.SendAsync(host, user, RawEngine.Request(method, "/v1.41" + path, body));

    /// <summary>Without the name that was asked for, and what is another's in every answer.</summary>
    private static string Plain(string answer, string name) => Changing().Replace(answer, "").Replace(name, "NAME", StringComparison.Ordinal);

    private void HoldsNoWord(string answer) => Assert.All(host.Words, word => Assert.DoesNotContain(word, answer, StringComparison.Ordinal));

    [GeneratedRegex(@"Date: [^\r]*\r\n|\(request [0-9a-f]+\)|Content-Length: [0-9]+\r\n")]
    private static partial Regex Changing();
}
