using Gateway.Forwarding;
using Gateway.Tests.Objects.Support;
using Gateway.Tests.Policy.Checks.Support;
using Gateway.Tests.Requests.Support;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>A create is several calls: volumes first, with their owner, then the container, then a look at both; what fails leaves nothing.</summary>
public sealed class ContainerCreationTests : IDisposable
{
    private const string Volume = """[{"Type":"volume","Source":"new-vol","Target":"/d"}]""";
    private const string Owned = """{"Name":"new-vol","Labels":{"gateway.owner":"alice"}}""";
    private readonly CannedEngine engine = new CannedEngine()
        .With("POST /volumes/create", Owned, 201)
        .With("POST /containers/create", """{"Id":"c9"}""", 201)
        .With("DELETE /volumes/new-vol", "", 204)
        .With("DELETE /containers/c9", "", 204)
        .With($"/images/sha256:{CheckWorld.Id("d1")}/json", $$"""{"Id":"sha256:{{CheckWorld.Id("d1")}}","RepoTags":["busybox:latest"]}""");

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task I42_ClaimsANamedVolumeForItsOwnerBeforeTheContainer()
    {
        Made("alice");

        Assert.Equal(201, (await CreateAsync()).Status);

        Assert.Equal(["POST /volumes/create", "POST /containers/create"], engine.Sent.Take(2).Select(sent => sent.Line));
        Assert.Contains("\"gateway.owner\":\"alice\"", engine.Sent[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Name":"new-vol","Labels":{"gateway.owner":"bob"}}""")]
    [InlineData("""{"Name":"new-vol","Labels":null}""")]
    public async Task I44_UsesNoVolumeThatComesBackAsAnothers(string volume)
    {
        engine.With("POST /volumes/create", volume, 201);

        Assert.Equal(404, (await CreateAsync()).Status);

        Assert.DoesNotContain("/containers/create", engine.Asked);
        Assert.DoesNotContain(engine.Sent, sent => sent.Line.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bob")]
    [InlineData(null)]
    public async Task I44_RemovesAContainerThatCameToBeAnothers(string? owner)
    {
        Made(owner);

        Assert.Equal(409, (await CreateAsync()).Status);

        Assert.Contains("DELETE /containers/c9?force=1&v=1", engine.Sent.Select(sent => sent.Line));
        Assert.Contains("DELETE /volumes/new-vol", engine.Sent.Select(sent => sent.Line));
    }

    [Fact]
    public async Task RemovesAContainerThatCannotBeLookedAt()
    {
        Assert.Equal(500, (await CreateAsync()).Status);

        Assert.Contains("DELETE /containers/c9?force=1&v=1", engine.Sent.Select(sent => sent.Line));
    }

    [Fact]
    public async Task LeavesNoVolumeOfACreateThatTheEngineRefused()
    {
        engine.With("POST /containers/create", """{"message":"no"}""", 409);

        Assert.Equal(409, (await CreateAsync()).Status);

        Assert.Contains("DELETE /volumes/new-vol", engine.Sent.Select(sent => sent.Line));
    }

    [Fact]
    public async Task LetsCreatesOfOneUserTakeTurns()
    {
        var gateway = new SomeGateway(engine);
        Made("alice");
        var turn = await gateway.Slots.EnterAsync("alice", Gateway.Requests.ContainerCreation.Turns, 1, TestContext.Current.CancellationToken);
        var creating = CreateAsync(gateway);

        // What it had asked without its turn would be there before these answers.
        for (var i = 0; i < 5; i++)
        {
            await engine.Client.GetAsync("/_ping", TestContext.Current.CancellationToken);
        }

        Assert.False(creating.IsCompleted);
        Assert.DoesNotContain("/volumes/create", engine.Asked);
        turn.Dispose();
        Assert.Equal(201, (await creating).Status);
    }

    private void Made(string? owner) => engine.With(
        "/containers/c9/json", $$$"""{"Id":"c9","Name":"/x","Image":"sha256:{{{CheckWorld.Id("d1")}}}","Config":{"Labels":{{{(owner is null ? "{}" : $$"""{"gateway.owner":"{{owner}}"}""")}}}},"HostConfig":{},"Mounts":[]}""");

    private Task<WholeAnswer> CreateAsync(SomeGateway? gateway = null)
    {
        var verdict = CheckRun.Decide(new CheckCase("ContainerCreate", "", "HostConfig.Mounts", Volume, "")).World.Verdict;
        Assert.True(verdict.Decision.Allowed, verdict.Decision.Detail);
        return (gateway ?? new SomeGateway(engine)).Containers.RunAsync("/containers/create", verdict.Body!, verdict.Context!, (answer, _) => ValueTask.FromResult(answer), TestContext.Current.CancellationToken).AsTask();
    }
}
