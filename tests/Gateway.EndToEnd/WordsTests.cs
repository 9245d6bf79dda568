using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class WordsOfDebianEngine(DebianHost host) : WordsTests(host);

[Collection(ModernEngine.Name)]
public sealed class WordsOfModernEngine(ModernHost host) : WordsTests(host);

/// <summary>
/// I39: for what is another's the gateway answers, heads included, what the engine itself answers for a name that stands for
/// nothing; and so it does for what stands for nothing.
/// </summary>
public abstract class WordsTests(GatewayHost host) : IAsyncLifetime
{
    private const string None = "no-such-thing";
    private static readonly string[] Unlike = ["Date", "Content-Length", "Connection", "Transfer-Encoding"];

    // What is asked, of which kind of object; {0} is its name.
    private static readonly (string Kind, string Method, string Target, string? Body)[] Requests =
    [
        ("container", "GET", "/containers/{0}/json", null),
        ("container", "GET", "/containers/{0}/json?size=1", null),
        ("container", "GET", "/containers/{0}/top", null),
        ("container", "GET", "/containers/{0}/logs?stdout=1", null),
        ("container", "GET", "/containers/{0}/logs?stdout=1&follow=1", null),
        ("container", "GET", "/containers/{0}/changes", null),
        ("container", "GET", "/containers/{0}/export", null),
        ("container", "GET", "/containers/{0}/stats", null),
        ("container", "GET", "/containers/{0}/stats?stream=0", null),
        ("container", "POST", "/containers/{0}/resize?h=1&w=1", null),
        ("container", "POST", "/containers/{0}/start", null),
        ("container", "POST", "/containers/{0}/stop", null),
        ("container", "POST", "/containers/{0}/restart", null),
        ("container", "POST", "/containers/{0}/kill", null),
        ("container", "POST", "/containers/{0}/kill?signal=KILL", null),
        ("container", "POST", "/containers/{0}/update", "{\"CpuShares\":512}"),
        ("container", "POST", "/containers/{0}/rename?name=bobs", null),
        ("container", "POST", "/containers/{0}/pause", null),
        ("container", "POST", "/containers/{0}/unpause", null),
        ("container", "POST", "/containers/{0}/attach?stream=1&stdout=1", null),
        ("container", "GET", "/containers/{0}/attach/ws?stream=1&stdout=1", null),
        ("container", "POST", "/containers/{0}/wait", null),
        ("container", "DELETE", "/containers/{0}", null),
        ("container", "DELETE", "/containers/{0}?force=1&v=1", null),
        ("container", "HEAD", "/containers/{0}/archive?path=/", null),
        ("container", "GET", "/containers/{0}/archive?path=/", null),
        ("container", "PUT", "/containers/{0}/archive?path=/", null),
        ("container", "POST", "/containers/{0}/exec", "{\"Cmd\":[\"id\"]}"),
        ("container", "POST", "/commit?container={0}&repo=localhost/bob/x", "{}"),
        ("container", "POST", "/networks/bridge/connect", "{\"Container\":\"{0}\"}"),
        ("container", "POST", "/networks/bridge/disconnect", "{\"Container\":\"{0}\"}"),
        ("exec", "POST", "/exec/{0}/start", "{}"),
        ("exec", "POST", "/exec/{0}/resize?h=1&w=1", null),
        ("exec", "GET", "/exec/{0}/json", null),
        ("image", "GET", "/images/{0}/json", null),
        ("image", "GET", "/images/{0}/history", null),
        ("image", "POST", "/images/{0}/tag?repo=localhost/bob/x&tag=y", null),
        ("image", "GET", "/images/json?filters=%7B%22since%22%3A%5B%22{0}%22%5D%7D", null),
        ("volume", "GET", "/volumes/{0}", null),
        ("volume", "DELETE", "/volumes/{0}", null),
        ("volume", "DELETE", "/volumes/{0}?force=1", null),
        ("network", "GET", "/networks/{0}", null),
        ("network", "DELETE", "/networks/{0}", null),
        ("network", "GET", "/networks/{0}?verbose=1", null),
        ("plugin", "GET", "/plugins/{0}/json", null),
    ];

    private readonly Dictionary<string, string[]> names = [];

    public async ValueTask InitializeAsync()
    {
        await host.Docker("alice", "network create words-net");
        await host.Docker("alice", "volume create words-vol");
        var id = (await host.Docker("alice", "run -d --name words-c -v words-vol:/d busybox sleep 600")).Output.Trim();
        var image = (await host.Docker("alice", "commit words-c localhost/alice/words:1")).Output.Trim();
        var exec = await RawClient.JsonAsync(host, "alice", $"/containers/{id}/exec", "{\"Cmd\":[\"id\"]}");
        var network = await host.Engine("network inspect -f {{.Id}} words-net");
        Assert.Equal(64, id.Length);
        Assert.StartsWith("sha256:", image, StringComparison.Ordinal);
        names["container"] = ["words-c", id, id[..12], id[..30]];
        names["exec"] = [System.Text.RegularExpressions.Regex.Match(exec, "[0-9a-f]{64}").Value];
        names["image"] = ["localhost/alice/words:1", image, image[7..], image[7..19]];
        names["volume"] = ["words-vol"];
        names["network"] = ["words-net", network, network[..12]];
    }

    public async ValueTask DisposeAsync()
    {
        await host.Docker("alice", "rm -f -v words-c");
        await host.Docker("alice", "rmi localhost/alice/words:1");
        await host.Docker("alice", "volume rm words-vol");
        await host.Docker("alice", "network rm words-net");
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task I39_AnswersForAnothersObjectAsTheEngineForNone()
    {
        List<string> wrong = [];
        foreach (var (kind, method, target, body) in Requests)
        {
            foreach (var name in names.GetValueOrDefault(kind, []).Append(None))
            {
                // A name of the same shape that stands for nothing: the engine words ids and tagged names in ways of their own.
                var none = name.StartsWith("sha256:", StringComparison.Ordinal) ? "sha256:" + new string('e', 64) : name.Length == 64 ? new string('e', 64) : name.Contains('/') ? "localhost/alice/none:1" : None;
                var expected = Parts(await RawEngine.SendAsync(host, method, Named(target, none), body is null ? null : Named(body, none)), none);
                var seen = Parts(await RawClient.SendAsync(host, "bob", RawEngine.Request(method, Named(target, name), body is null ? null : Named(body, name))), name);
                if (expected != seen)
                {
                    wrong.Add($"{method} {Named(target, name)}: {seen}\n  not {expected}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal("running", await host.Engine("inspect -f {{.State.Status}} words-c"));
    }

    [Fact]
    public async Task I39_LetsDockerInspectSayThatThereIsNone()
    {
        var others = await host.Docker("bob", "inspect words-c");
        var none = await host.Docker("bob", "inspect " + None);

        Assert.Contains("No such object: " + None, none.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(none.Whole, others.Whole.Replace("words-c", None, StringComparison.Ordinal));
    }

    [Fact]
    public async Task I39_SaysOfServicesWhatAnEngineWithoutASwarmSays() => Assert.Equal(
        Parts(await RawEngine.SendAsync(host, "GET", "/services/" + None, null), None),
        Parts(await RawClient.SendAsync(host, "boss", RawEngine.Request("GET", "/services/" + None, null)), None));

    private static string Named(string template, string name) => template.Replace("{0}", name, StringComparison.Ordinal);

    private static string Parts(string answer, string name)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = answer[..end].Split("\r\n");
        var heads = lines.Skip(1).Where(line => !Unlike.Contains(line.Split(':')[0])).Order(StringComparer.OrdinalIgnoreCase);
        return string.Join(" | ", [lines[0], .. heads, answer[(end + 4)..].Replace(name, "NAME", StringComparison.Ordinal)]);
    }
}
