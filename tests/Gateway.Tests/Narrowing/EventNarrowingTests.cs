using System.Text;
using Gateway.EngineApi;
using Gateway.Narrowing;
using Gateway.Objects;
using Gateway.Tests.Objects.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Narrowing;

/// <summary>I48: an event is written to the stream of whoever's object it tells of, and to no other.</summary>
public sealed class EventNarrowingTests : IDisposable
{
    private readonly CannedEngine engine = new CannedEngine()
        .With("/volumes/mine", """{"Name":"mine","Labels":{"gateway.owner":"alice"}}""")
        .With("/volumes/theirs", """{"Name":"theirs","Labels":{"gateway.owner":"bob"}}""")
        .With("/networks/n1", """{"Id":"n1","Name":"net","Labels":{"gateway.owner":"bob"}}""")
        .With("/containers/c1/json", """{"Id":"c1","Name":"/web","Config":{"Labels":{"gateway.owner":"alice"}}}""")
        .With("/containers/c2/json", """{"Id":"c2","Name":"/db","Config":{"Labels":{"gateway.owner":"bob"}}}""");

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData("container", "start", "c1", "\"gateway.owner\":\"alice\",\"name\":\"web\"", true)]
    [InlineData("container", "exec_create: sh", "c2", "\"gateway.owner\":\"bob\",\"name\":\"db\"", false)]
    [InlineData("container", "start", "c3", "\"name\":\"old\"", false)]
    [InlineData("container", "destroy", "c2", "\"gateway.owner\":\"bob\",\"name\":\"db\"", false)]
    [InlineData("container", "start", "c3", "\"gateway.owner\":\"alice\",\"Gateway.Owner\":\"bob\"", false)]
    [InlineData("volume", "create", "mine", "", true)]
    [InlineData("volume", "create", "theirs", "", false)]
    [InlineData("volume", "destroy", "gone", "", false)]
    [InlineData("volume", "destroy", "known", "", true)]
    [InlineData("volume", "mount", "mine", "\"container\":\"c2\"", false)]
    [InlineData("network", "create", "n1", "\"name\":\"net\"", false)]
    [InlineData("network", "connect", "n1", "\"container\":\"c1\",\"name\":\"net\"", true)]
    [InlineData("network", "connect", "n1", "\"container\":\"c2\",\"name\":\"net\"", false)]
    [InlineData("image", "pull", "busybox:latest", "\"name\":\"busybox\"", true)]
    [InlineData("image", "tag", "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "\"name\":\"localhost/bob/x:1\"", false)]
    [InlineData("image", "delete", "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "\"name\":\"sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\"", false)]
    [InlineData("daemon", "reload", "d", "\"name\":\"host\"", false)]
    [InlineData("plugin", "enable", "p", "", false)]
    [InlineData("secret", "create", "s", "\"gateway.owner\":\"alice\"", false)]
    [InlineData("novelty", "x", "c1", "\"gateway.owner\":\"alice\"", false)]
    public async Task I48_TellsOfOwnObjectsOnly(string type, string action, string id, string attributes, bool seen) =>
        Assert.Equal(seen, await Rewritten(Narrowing(), type, action, id, attributes) is not null);

    [Fact]
    public async Task ForgetsAVolumeWithItsEnd()
    {
        var narrowing = Narrowing();

        Assert.NotNull(await Rewritten(narrowing, "volume", "destroy", "known", ""));
        Assert.Null(await Rewritten(narrowing, "volume", "destroy", "known", ""));
    }

    /// <summary>A volume of the name is another's meanwhile: its end is not the caller's to know.</summary>
    [Fact]
    public async Task I48_ForgetsAVolumeThatBecameAnothers()
    {
        var narrowing = Narrowing();
        engine.With("/volumes/known", """{"Name":"known","Labels":{"gateway.owner":"bob"}}""");
        Assert.Null(await Rewritten(narrowing, "volume", "mount", "known", ""));
        engine.With("/volumes/known", """{"message":"no such volume"}""", 404);

        Assert.Null(await Rewritten(narrowing, "volume", "destroy", "known", ""));
    }

    [Fact]
    public async Task TakesTheOwnerOfASharedImageOut() =>
        Assert.DoesNotContain("boss", await Rewritten(Narrowing(), "image", "pull", "busybox:latest", "\"name\":\"busybox\",\"gateway.owner\":\"boss\""), StringComparison.Ordinal);

    private static async Task<string?> Rewritten(EventNarrowing narrowing, string type, string action, string id, string attributes)
    {
        var line = $"{{\"Type\":\"{type}\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"{id}\",\"Attributes\":{{{attributes}}}}}}}";
        var kept = await narrowing.RewriteAsync(Encoding.UTF8.GetBytes(line), TestContext.Current.CancellationToken);
        return kept is null ? null : Encoding.UTF8.GetString(kept);
    }

    private EventNarrowing Narrowing() => new(
        new Viewer(SomeEngine.Context("alice", "GET", "/events")),
        new ObjectResolver(engine.Client),
        Task.FromResult<IReadOnlyList<EngineObject>>([SomeEngine.Of(ObjectKind.Volume, "known", "alice")]));
}
