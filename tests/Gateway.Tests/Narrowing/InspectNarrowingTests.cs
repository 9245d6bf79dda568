using System.Text;
using System.Text.Json.Nodes;
using Gateway.Narrowing;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Narrowing;

public sealed class InspectNarrowingTests
{
    private static readonly Viewer Alice = new(SomeEngine.Context("alice", "GET", "/images/busybox/json"));

    [Fact]
    public void TakesOthersOutOfAnImage()
    {
        var shown = Text(InspectNarrowing.Image("""
            {"Id":"sha256:x","RepoTags":["busybox:latest","localhost/bob/x:1"],"RepoDigests":["evil.example/y@sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"],
             "Parent":"sha256:theirs","Container":"theirs","ContainerConfig":{"Hostname":"theirs"},"Config":{"Labels":{"gateway.owner":"theirs","a":"b"}},
             "GraphDriver":{"Name":"overlay2","Data":{"UpperDir":"/var/theirs"}},"Manifests":[{"ImageData":{"Containers":["theirs"]}}]}
            """u8.ToArray(), Alice));

        Assert.Contains("busybox:latest", shown, StringComparison.Ordinal);
        Assert.Contains("\"a\":\"b\"", shown, StringComparison.Ordinal);
        Assert.All((string[])["theirs", "bob", "evil"], word => Assert.DoesNotContain(word, shown, StringComparison.Ordinal));
    }

    [Fact]
    public void TakesOthersTagsOutOfAHistory()
    {
        var shown = Text(InspectNarrowing.History("""[{"Id":"sha256:top","Tags":["busybox:latest","localhost/bob/x:1"]},{"Id":"sha256:theirs","Tags":["localhost/bob/y:1"]},{"Id":"<missing>","Tags":null}]"""u8.ToArray(), Alice));

        Assert.Contains("sha256:top", shown, StringComparison.Ordinal);
        Assert.All((string[])["theirs", "bob"], word => Assert.DoesNotContain(word, shown, StringComparison.Ordinal));
    }

    [Fact]
    public void LeavesOfANetworkTheCallersContainersAlone()
    {
        const string network = """{"Id":"n","Name":"bridge","Labels":{"gateway.owner":"boss"},"Containers":{"mine":{"Name":"web"},"theirs":{"Name":"db"}},"Peers":[{"IP":"theirs"}]}""";

        var shown = Text(InspectNarrowing.Network(Encoding.UTF8.GetBytes(network), new Viewer(SomeEngine.Context("alice", "GET", "/networks/bridge")), new HashSet<string> { "mine" }));

        Assert.Contains("web", shown, StringComparison.Ordinal);
        Assert.All((string[])["theirs", "db", "boss"], word => Assert.DoesNotContain(word, shown, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, """[{"Id":"a","Size":100,"SharedSize":40},{"Id":"b","Size":70,"SharedSize":40}]""", 130)]
    [InlineData(0, """[{"Id":"a","Size":100,"SharedSize":-1}]""", 100)]
    [InlineData(0, "[]", 0)]
    [InlineData(2, """[{"Id":"a","Size":100,"SharedSize":100}]""", 100)]
    public void NeverReportsLessThanWhatIsInUse(int containers, string images, long size)
    {
        var kept = JsonNode.Parse($$"""{"Images":{{images}},"Containers":[{{string.Join(',', Enumerable.Repeat("{\"ImageID\":\"a\"}", containers))}}]}""")!.AsObject();

        var report = ReportNarrowing.DataUsage.Finish(kept);

        Assert.Equal(size, (long)report["LayersSize"]!);
        Assert.All(report["Images"]!.AsArray(), image => Assert.Equal((string?)image!["Id"] == "a" ? containers : 0, (int)image["Containers"]!));
    }

    [Fact]
    public void LeavesOutWhatIsNewInAReport()
    {
        var shown = Text(ReportNarrowing.Info("""{"ID":"x","Containers":7,"ContainersRunning":7,"Images":9,"HttpProxy":"http://theirs@proxy","Swarm":{"NodeID":"theirs"},"Labels":["theirs"],"RegistryConfig":{"Mirrors":["theirs"]},"Novelty":"theirs","NCPU":2}"""u8.ToArray(), [], 1));

        Assert.Contains("\"NCPU\":2", shown, StringComparison.Ordinal);
        Assert.Contains("\"Containers\":0", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", shown, StringComparison.Ordinal);
    }

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
