using System.Text;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Objects.Support;
using Gateway.Tests.Policy.Checks.Support;
using Gateway.Tests.Requests.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>What is looked up before a decision: names that a container or network is kept by, of stopped containers too (I45).</summary>
public sealed class FactGathererTests : IDisposable
{
    private const string Mine = """{"Id":"c1","Name":"/mine","Config":{"Labels":{"gateway.owner":"alice"}},"HostConfig":{"NetworkMode":"kept"}}""";
    private readonly CannedEngine engine = new();

    public void Dispose() => engine.Dispose();

    [Theory]
    [InlineData("POST", "/containers/mine/start")]
    [InlineData("POST", "/containers/mine/restart")]
    [InlineData("POST", "/containers/mine/rename?name=other")]
    [InlineData("PUT", "/containers/mine/archive?path=/")]
    public async Task I45_LooksUpWhatTheContainerKeeps(string method, string target)
    {
        engine.With("/containers/mine/json", Mine).With("/networks/kept", """{"Id":"n1","Name":"kept","Labels":{"gateway.owner":"bob"}}""");

        var facts = await GatherAsync(method, target);

        Assert.Equal("bob", facts.Find(ObjectKind.Network, "kept")?.Owner);
    }

    [Fact]
    public async Task LooksUpNothingMoreOfAnothersContainer()
    {
        engine.With("/containers/mine/json", Mine.Replace("alice", "bob", StringComparison.Ordinal));

        await GatherAsync("POST", "/containers/mine/start");

        Assert.Equal(["/containers/mine/json"], engine.Asked);
    }

    [Theory]
    [InlineData("DELETE", "/networks/net", null, "net", "n1")]
    [InlineData("POST", "/networks/create", """{"Name":"net"}""", "net", null)]
    public async Task I45_FindsStoppedContainersThatKeepTheNetworksName(string method, string target, string? body, string name, string? id)
    {
        engine.With("/networks/net", """{"Id":"n1","Name":"net","Labels":{"gateway.owner":"alice"}}""").With("/containers/json", """[{"Id":"c1","Names":["/stopped"],"State":"exited"}]""");

        var facts = await GatherAsync(method, target, body);

        Assert.Equal("stopped", Assert.Single(facts.NetworkUsers).Name);
        var asked = Assert.Single(engine.Sent, sent => sent.Line.Contains("/containers/json", StringComparison.Ordinal)).Line;
        Assert.Contains("all=1", asked, StringComparison.Ordinal);
        Assert.Contains($"\"{name}\"", asked, StringComparison.Ordinal);
        Assert.Contains(id is null ? "" : $"\"{id}\"", asked, StringComparison.Ordinal);
    }

    private async Task<RequestFacts> GatherAsync(string method, string target, string? body = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var request = RequestReader.Read(new RequestHead(method, "/v1.51" + target, body is null ? [] : [new RequestHeader("Content-Type", "application/json")], bytes.Length, false));
        Assert.Null(request.Refusal);
        var role = new Role("r", null, false, [new Rule("own", RuleEffect.Allow, OperationCatalogue.All.ToHashSet(), Selector.Own, null)], new Grants());
        return await new SomeGateway(engine).Facts.GatherAsync(AccessPolicy.Empty, new Caller(CheckWorld.Alice, [role], []), request, bytes, TestContext.Current.CancellationToken);
    }
}
