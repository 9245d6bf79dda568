using System.Text;
using System.Text.Json.Nodes;
using Gateway.Narrowing;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>I40: an element of a list without what it tells of others.</summary>
public sealed class ListNarrowingTests
{
    private static readonly Viewer Alice = new(SomeEngine.Context("alice", "GET", "/images/json"));

    [Fact]
    public void I40_TellsOfAnImageNeitherItsParentNorItsUsers()
    {
        var image = ListNarrowing.Image(SomeEngine.Raw("""{"Id":"sha256:1","ParentId":"sha256:2","RepoTags":["busybox:latest","localhost/bob/x:1"],"Containers":7,"Labels":{"gateway.owner":"bob"}}"""), Alice)!;

        Assert.Equal("""{"Id":"sha256:1","ParentId":"","RepoTags":["busybox:latest"],"Containers":-1,"Labels":{}}""", image.ToJsonString());
    }

    [Fact]
    public void I40_TellsOfANetworkNotWhoIsOnIt()
    {
        var network = ListNarrowing.Network(SomeEngine.Raw("""{"Id":"1","Name":"mine","Labels":{"gateway.owner":"alice"},"Containers":{"c":{"Name":"db"}}}"""), new Viewer(SomeEngine.Context("alice", "GET", "/networks")))!;

        Assert.Empty((JsonObject)network["Containers"]!);
    }

    [Theory]
    [InlineData("""{"Untagged":"localhost/bob/x:1"}""", false)]
    [InlineData("""{"Untagged":"busybox:latest"}""", true)]
    [InlineData("""{"Deleted":"sha256:1"}""", true)]
    public void I40_ReportsOfADeletionNamesThatMayBeRead(string item, bool shown) => Assert.Equal(shown, ReportNarrowing.DeletedImage(SomeEngine.Raw(item), Alice) is not null);

    [Fact]
    public async Task I40_ReportsNoBuildCache()
    {
        var report = """{"LayersSize":9,"Images":[],"Containers":[],"Volumes":[],"BuildCache":[{"ID":"bobs"}]}""";
        var lists = ReportNarrowing.DataUsage;
        var keep = lists.Keep.ToDictionary(list => list.Key, list => (Func<System.Text.Json.JsonElement, JsonNode?>)(item => list.Value(item, Alice)), StringComparer.Ordinal);

        var shown = lists.Finish(await MemberStream.NarrowAsync(new MemoryStream(Encoding.UTF8.GetBytes(report)), keep, TestContext.Current.CancellationToken));

        Assert.DoesNotContain("bobs", shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty((JsonArray)shown["BuildCache"]!);
    }
}
