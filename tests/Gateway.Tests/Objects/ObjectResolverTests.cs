using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Tests.Objects.Support;
using Xunit;

namespace Gateway.Tests.Objects;

/// <summary>I36: names become full ids by the engine's own lookup, and cost as many calls whosever the object is.</summary>
public sealed class ObjectResolverTests : IDisposable
{
    private static readonly string Id = new('a', 64);
    private static readonly string ExecId = new('b', 64);
    private readonly CannedEngine engine = new();

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task I36_TakesTheFullIdAndTheOwnerFromTheAnswer()
    {
        engine.With("/containers/web/json", $$$"""{"Id":"{{{Id}}}","Name":"/other","Config":{"Image":"nginx","Labels":{"gateway.owner":"alice"} } }""");

        var found = await Find(ObjectKind.Container, "web");

        Assert.Equal((Id, "other", "alice", "nginx"), (found!.Id, found.Name, found.Owner, found.ImageName));
    }

    [Theory]
    [InlineData(400, "multiple IDs found with provided prefix: a")]
    [InlineData(500, "multiple IDs found with provided prefix: a")]
    [InlineData(400, "network a is ambiguous (2 matches found based on name)")]
    public async Task TakesAnAmbiguousNameForNone(int status, string message)
    {
        engine.With("/containers/a/json", $$$"""{"message":"{{{message}}}"}""", status);

        Assert.Null(await Find(ObjectKind.Container, "a"));
    }

    [Theory]
    [InlineData("Container", "../info")]
    [InlineData("Container", "a/b")]
    [InlineData("Network", "a%2fb")]
    [InlineData("Volume", "/etc")]
    [InlineData("Image", "a?b=c")]
    [InlineData("Exec", "../../x")]
    public async Task AsksForNothingThatNoObjectCanBeCalled(string kind, string name)
    {
        Assert.Null(await Find(Enum.Parse<ObjectKind>(kind), name));
        Assert.DoesNotContain(engine.Asked, path => path.Contains("..", StringComparison.Ordinal) || path.Contains('%', StringComparison.Ordinal) || path == "/info");
    }

    [Fact]
    public async Task AsksAsOftenForAnExecThatIsNotThere()
    {
        engine.With($"/exec/{ExecId}/json", $$$"""{"ID":"{{{ExecId}}}","ContainerID":"{{{Id}}}"}""")
            .With($"/containers/{Id}/json", $$$"""{"Id":"{{{Id}}}","Name":"/web","Config":{"Labels":{"gateway.owner":"bob"} } }""");

        Assert.Equal("bob", (await Find(ObjectKind.Exec, ExecId))!.Owner);
        var there = engine.Asked.Count;
        Assert.Null(await Find(ObjectKind.Exec, new string('c', 64)));
        Assert.Equal(there, engine.Asked.Count - there);
    }

    /// <summary>What an exec is decided on, too: how its container was made.</summary>
    [Fact]
    public async Task I36_FindsAnExecWithTheContainerThatItNames()
    {
        engine.With($"/exec/{ExecId}/json", $$$"""{"ID":"{{{ExecId}}}","ContainerID":"web"}""")
            .With("/containers/web/json", $$$"""{"Id":"{{{Id}}}","Name":"/web","Config":{"Labels":{"gateway.owner":"alice"} } }""");

        Assert.Null(await Find(ObjectKind.Exec, ExecId));

        engine.With($"/exec/{ExecId}/json", $$$"""{"ID":"{{{ExecId}}}","ContainerID":"{{{Id}}}","Container":"x"}""")
            .With($"/containers/{Id}/json", $$$"""{"Id":"{{{Id}}}","Name":"/web","Config":{"Labels":{"gateway.owner":"alice"} },"HostConfig":{"Privileged":true} }""");

        var container = (await Find(ObjectKind.Exec, ExecId))!.Raw.GetProperty(ObjectResolver.WholeMember);
        Assert.True(container.GetProperty("HostConfig").GetProperty("Privileged").GetBoolean());
    }

    [Fact]
    public async Task I65_TakesAnAnswerWithoutIdForNone()
    {
        engine.With("/containers/web/json", """{"Name":"/web","Config":{"Labels":{"gateway.owner":"alice"}}}""");

        await Assert.ThrowsAsync<EngineAnswerException>(() => Find(ObjectKind.Container, "web"));
    }

    [Fact]
    public async Task FindsTheOwnerOfATaskInItsService()
    {
        engine.With("/tasks/t1", """{"ID":"t1","ServiceID":"s1"}""").With("/services/s1", """{"ID":"s1","Spec":{"Name":"web","Labels":{"gateway.owner":"alice"} } }""");

        var found = await Find(ObjectKind.Task, "t1");

        Assert.Equal(("t1", "alice"), (found!.Id, found.Owner));
    }

    [Fact]
    public async Task LetsAnEngineWithoutASwarmSpeak()
    {
        engine.With("/services/web", """{"message":"This node is not a swarm manager."}""", 503);

        Assert.Equal(503, (await Assert.ThrowsAsync<EngineRefusedException>(() => Find(ObjectKind.Service, "web"))).Status);
    }

    [Fact]
    public async Task KnowsTheEngineByItsAnswers()
    {
        await Find(ObjectKind.Container, "web");

        Assert.Equal(41, engine.Client.Identity.Api);
        Assert.Contains(KeyValuePair.Create("Server", "Canned"), engine.Client.Identity.Heads);
    }

    private Task<EngineObject?> Find(ObjectKind kind, string name) => new ObjectResolver(engine.Client).FindAsync(new ObjectReference(kind, name), TestContext.Current.CancellationToken);
}
