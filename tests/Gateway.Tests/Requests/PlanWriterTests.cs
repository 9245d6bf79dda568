using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Offline;
using Gateway.Policy;
using Gateway.Tests.Objects.Support;
using Gateway.Tests.Policy.Checks.Support;
using Gateway.Tests.Requests.Support;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>What is forwarded of a request that was allowed: ids for names, and whatever has to be done on the way there and back.</summary>
public sealed class PlanWriterTests : IDisposable
{
    private readonly CannedEngine engine = new();

    public void Dispose() => engine.Dispose();

    [Fact]
    public void I36_NamesAnObjectByItsFullId() =>
        Assert.Equal($"/v1.51/containers/{CheckWorld.Id("a1")}/kill", PlanOf("ContainerKill", "").Target);

    /// <summary>An image is known by its name: another of that id may have none.</summary>
    [Fact]
    public void NamesAnImageAsItWasJudged() => Assert.Equal("/v1.51/images/localhost/alice/app/json", PlanOf("ImageInspect", "", "localhost/alice/app").Target);

    [Theory]
    [InlineData("ContainerList")]
    [InlineData("VolumeList")]
    [InlineData("ImageList")]
    public void I40_NarrowsListsOfARoleOnItsOwnObjects(string operation) => Assert.NotNull(PlanOf(operation, "").RewriteElements);

    [Fact]
    public void I40_NarrowsErrorsOfARoleOnItsOwnObjects() => Assert.NotNull(PlanOf("ContainerKill", "").RewriteError);

    /// <summary>Everybody's objects but those that a rule hides.</summary>
    [Fact]
    public void I40_NarrowsForWhoeverIsKeptFromSome()
    {
        var list = new HashSet<EngineOperation> { OperationCatalogue.Get("ContainerList") };
        var role = new Role("all", null, true, [new("all", RuleEffect.Allow, list, Selector.All, null), new("not", RuleEffect.Deny, list, new Selector(SelectorKind.Label, new Dictionary<string, string> { ["a"] = "b" }), null)], null);
        var answer = OfflineDecision.Decide(new OfflineCaller(new Caller("boss", [role], [])), OfflineRequest.Of("GET", "/v1.51/containers/json"), new OfflineFacts { HostPathsAreSafe = true });

        Assert.NotNull(new SomeGateway(engine).Plans.Write(answer.Request, answer.Worlds[0].Verdict).RewriteElements);
    }

    [Theory]
    [InlineData("bound", true)]
    [InlineData("mine", false)]
    public void I23_ScansAnArchiveIntoAWritableBind(string container, bool scanned) => Assert.Equal(scanned, PlanOf("PutContainerArchive", "path=/tmp", container).RewriteUpload is not null);

    [Theory]
    [InlineData("ContainerCreate", "Image", "\"busybox\"")]
    [InlineData("NetworkCreate", "Name", "\"new-net\"")]
    public void LooksAtWhatACreateMade(string operation, string field, string value) => Assert.NotNull(PlanOf(new CheckCase(operation, "", field, value, "")).Perform);

    /// <summary>A create of the same user may yet remove the container that is meant.</summary>
    [Fact]
    public async Task WaitsForACreateOfTheSameUser()
    {
        var gateway = new SomeGateway(engine);
        var turn = await gateway.Slots.EnterAsync(CheckWorld.Alice, Gateway.Requests.ContainerCreation.Turns, 1, TestContext.Current.CancellationToken);
        var settled = PlanOf(new CheckCase("ContainerKill", "", null, "", ""), gateway).Prepare!(TestContext.Current.CancellationToken).AsTask();

        Assert.False(settled.IsCompleted);
        turn.Dispose();
        Assert.Null(await settled);
    }

    [Fact]
    public void ForwardsCredentialsForGrantedRegistriesAlone()
    {
        var head = Assert.Single(PlanOf(new CheckCase("ImageBuild", "", null, "q=1", "", Credentials: """{"https://index.docker.io/v1/":{"username":"a"},"quay.io":{"username":"b"}}""")).Headers);

        Assert.Equal("""{"https://index.docker.io/v1/":{"username":"a"}}""", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(head.Value.Replace('-', '+').Replace('_', '/'))));
    }

    private ForwardPlan PlanOf(string operation, string query, string name = "mine") => PlanOf(new CheckCase(operation, "", null, query, "", Name: name));

    private ForwardPlan PlanOf(CheckCase tried, SomeGateway? gateway = null)
    {
        var decided = CheckRun.Decide(tried);
        Assert.True(decided.World.Decision.Allowed, decided.World.Decision.Detail);
        return (gateway ?? new SomeGateway(engine)).Plans.Write(decided.Request, decided.World.Verdict);
    }
}
