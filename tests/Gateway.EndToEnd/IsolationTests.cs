using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class IsolationOnDebianEngine(DebianHost host) : IsolationTests(host);

[Collection(ModernEngine.Name)]
public sealed class IsolationOnModernEngine(ModernHost host) : IsolationTests(host);

/// <summary>Two developers: neither sees, changes or learns the id of what the other owns (I36–I49).</summary>
public abstract class IsolationTests(GatewayHost host) : IAsyncLifetime
{
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        await host.Docker("alice", "network create alice-net");
        await host.Docker("alice", "volume create alice-vol");
        id = (await host.Docker("alice", "run -d --name alice-c --label secret=s3cret -v alice-vol:/d busybox sleep 600")).Output.Trim();
        Assert.Equal(64, id.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await host.Docker("alice", "rm -f -v alice-c");
        await host.Docker("alice", "volume rm alice-vol");
        await host.Docker("alice", "network rm alice-net");
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("GET", "/containers/{0}/json")]
    [InlineData("GET", "/containers/{0}/logs?stdout=1")]
    [InlineData("GET", "/containers/{0}/stats?stream=0")]
    [InlineData("GET", "/containers/{0}/top")]
    [InlineData("GET", "/containers/{0}/archive?path=/")]
    [InlineData("POST", "/containers/{0}/start")]
    [InlineData("POST", "/containers/{0}/stop")]
    [InlineData("POST", "/containers/{0}/kill")]
    [InlineData("POST", "/containers/{0}/rename?name=bobs")]
    [InlineData("POST", "/containers/{0}/attach?stream=1&stdout=1")]
    [InlineData("POST", "/containers/{0}/wait")]
    [InlineData("DELETE", "/containers/{0}?force=1")]
    public async Task I38_AnswersForAnothersContainerAsForNone(string method, string template)
    {
        foreach (var name in (string[])["alice-c", id, id[..12], id[..20]])
        {
            var others = await Send("bob", method, template, name);
            var none = await Send("bob", method, template, "no-such-thing");

            Assert.Equal(404, RawClient.Status(others));
            Assert.Equal(Body(none), Body(others).Replace(name, "no-such-thing", StringComparison.Ordinal));
        }

        Assert.Equal("running", await host.Engine("inspect -f {{.State.Status}} " + id));
    }

    [Theory]
    [InlineData("ps -aq --no-trunc")]
    [InlineData("ps -aq --no-trunc --filter name=alice")]
    [InlineData("ps -aq --no-trunc --filter label=secret")]
    [InlineData("volume ls -q")]
    [InlineData("network ls --no-trunc")]
    [InlineData("system df -v")]
    [InlineData("container prune -f")]
    [InlineData("volume prune -f")]
    [InlineData("create --name alice-c busybox")]
    [InlineData("create --network container:alice-c busybox")]
    [InlineData("create --pid container:alice-c busybox")]
    [InlineData("create --volumes-from alice-c busybox")]
    [InlineData("create -v alice-vol:/x busybox")]
    [InlineData("create --network alice-net busybox")]
    [InlineData("volume rm alice-vol")]
    [InlineData("volume inspect alice-vol")]
    [InlineData("network inspect alice-net")]
    [InlineData("network rm alice-net")]
    [InlineData("network inspect bridge")]
    [InlineData("commit alice-c bob/stolen")]
    public async Task TellsNothingOfAnothersObjects(string line)
    {
        var result = await host.Docker("bob", line);

        Assert.DoesNotContain(id[..12], result.Whole, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", result.Whole, StringComparison.Ordinal);
        if (!line.Contains("alice", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("alice", result.Whole, StringComparison.Ordinal);
        }

        Assert.Equal("running", await host.Engine("inspect -f {{.State.Status}} " + id));
    }

    [Fact]
    public async Task PutsTheOwnerOnEverythingThatACreateBringsIntoBeing()
    {
        var made = (await host.Docker("bob", "create -v bob-named:/n -v /anonymous --label x=y busybox")).Output.Trim();
        try
        {
            Assert.Equal("bob", await host.Engine("inspect", "-f", "{{index .Config.Labels \"gateway.owner\"}}", made));
            var volumes = (await host.Engine("inspect", "-f", "{{range .Mounts}}{{.Name}},{{end}}", made)).Split(',', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(2, volumes.Length);
            foreach (var volume in volumes)
            {
                Assert.Equal("bob", await host.Engine("volume", "inspect", "-f", "{{index .Labels \"gateway.owner\"}}", volume));
            }
        }
        finally
        {
            await host.Docker("bob", "rm -f -v " + made);
            await host.Docker("bob", "volume rm bob-named");
        }
    }

    private static string Body(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    private Task<string> Send(string user, string method, string template, string name) => RawClient.SendAsync(
        host, user, $"{method} {string.Format(System.Globalization.CultureInfo.InvariantCulture, template, name)} HTTP/1.1\r\nHost: x\r\n{(method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n");
}
