using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Requests;
using Gateway.Tests.Policy.Checks.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>A create is judged once more by what came of it: a tag that its owner moves to and fro gives a container another image than the one judged.</summary>
public sealed class CreatedChecksTests
{
    [Theory]
    [InlineData("""{"Labels":{"gateway.owner":"alice"}}""", null)]
    [InlineData("""{"Labels":{"gateway.owner":"alice","com.example.shop":"1"},"Healthcheck":{"Interval":1000000000}}""", null)]
    [InlineData("""{"Labels":{"gateway.owner":"alice","traefik.enable":"true"}}""", "traefik.enable")]
    [InlineData("""{"Labels":{"gateway.owner":"alice","Ofelia.job":"x"}}""", "Ofelia.job")]
    [InlineData("""{"Labels":{"gateway.owner":"alice","Gateway.Owner":"alice"}}""", "gateway.owner")]
    [InlineData("""{"Labels":{"gateway.owner":"bob"}}""", "gateway.owner")]
    [InlineData("""{"Labels":{"gateway.owner":"alice"},"Healthcheck":{"Interval":1000000}}""", "Interval")]
    [InlineData("""{"Labels":{"gateway.owner":"alice"},"Healthcheck":{"Interval":0,"StartInterval":1}}""", "StartInterval")]
    public async Task JudgesWhatTheContainerTookFromItsImage(string config, string? refused)
    {
        var context = CheckRun.Decide(new CheckCase("ContainerCreate", "images", "Image", "\"busybox\"", "")).World.Verdict.Context!;
        using var document = JsonDocument.Parse($$"""{"Id":"{{CheckWorld.Id("a1")}}","Config":{{config}}}""");
        var judged = context.Facts.Find(ObjectKind.Image, "busybox");
        var created = new CreatedContainer(EngineObject.Of(ObjectKind.Container, document.RootElement), judged, context.Facts, context);

        var refusals = new List<string>();
        foreach (var check in CreatedChecks.All)
        {
            if (await check(created, TestContext.Current.CancellationToken) is { } refusal)
            {
                refusals.Add(refusal.Message);
            }
        }

        Assert.Equal(refused is null, refusals.Count == 0);
        Assert.Contains(refused ?? "", string.Join('\n', refusals), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d1", "busybox:latest", true)]
    [InlineData("dd", "busybox:latest", true)]
    [InlineData("dd", "redis:latest", false)]
    [InlineData("dd", null, false)]
    public async Task KeepsAContainerOfTheJudgedImageOnly(string id, string? name, bool kept)
    {
        var image = EngineObject.Of(ObjectKind.Image, SomeEngine.Raw($$"""{"Id":"sha256:{{CheckWorld.Id(id)}}","RepoTags":[{{(name is null ? "" : $"\"{name}\"")}}]}"""));

        Assert.Equal(kept, await KeepsAsync("{}", image, new Dictionary<ObjectReference, EngineObject?>()));
    }

    [Theory]
    [InlineData("alice", true)]
    [InlineData("bob", false)]
    [InlineData(null, false)]
    public async Task I45_KeepsNoContainerThatKeepsAnothersNetwork(string? owner, bool kept) => Assert.Equal(kept, await KeepsAsync(
        """{"NetworkMode":"net"}""", null, new Dictionary<ObjectReference, EngineObject?> { [new(ObjectKind.Network, "net")] = SomeEngine.Of(ObjectKind.Network, "net", owner) }));

    private static async Task<bool> KeepsAsync(string host, EngineObject? image, Dictionary<ObjectReference, EngineObject?> more)
    {
        var context = CheckRun.Decide(new CheckCase("ContainerCreate", "images", "Image", "\"busybox\"", "")).World.Verdict.Context!;
        var container = EngineObject.Of(ObjectKind.Container, SomeEngine.Raw($$$"""{"Id":"{{{CheckWorld.Id("a1")}}}","Config":{"Labels":{"gateway.owner":"alice"}},"HostConfig":{{{host}}} }"""));
        var judged = context.Facts.Find(ObjectKind.Image, "busybox")!;
        var facts = context.Facts with { Objects = more.Concat([KeyValuePair.Create(new ObjectReference(ObjectKind.Image, "busybox"), (EngineObject?)judged)]).ToDictionary() };
        var kept = true;
        foreach (var check in CreatedChecks.All)
        {
            kept &= await check(new CreatedContainer(container, image ?? judged, facts, context), TestContext.Current.CancellationToken) is null;
        }

        return kept;
    }
}
