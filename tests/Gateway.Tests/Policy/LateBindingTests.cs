using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>I45, and the rest of threats §4.2: names that a container keeps are looked at again when it starts.</summary>
public sealed class LateBindingTests : IDisposable
{
    private const string Web = """{"HostConfig":{"NetworkMode":"net"},"NetworkSettings":{"Networks":{"net":{"NetworkID":""}}}}""";
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("alice", true)]
    [InlineData("bob", false)]
    [InlineData(null, false)]
    public void StartsOnlyWhatStillKeepsOwnNetworks(string? owner, bool allowed)
    {
        var engine = new SomeEngine().With(SomeEngine.Container("web", "alice", Web)).With(SomeEngine.Of(ObjectKind.Network, "net", owner));

        Assert.Equal(allowed, engine.Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
        Assert.Equal(allowed, engine.Decide(Policy(), "alice", "POST", "/containers/web/restart").Allowed);
    }

    [Theory]
    [InlineData("boss", "db.example.com", false)]
    [InlineData("boss", "db", true)]
    [InlineData("alice", "db.example.com", true)]
    public void RenamesNothingOnASharedNetworkToADomainsName(string owner, string name, bool allowed) => Assert.Equal(allowed, new SomeEngine()
        .With(SomeEngine.Container("web", "alice", """{"NetworkSettings":{"Networks":{"shared":{}}}}"""))
        .With(SomeEngine.Of(ObjectKind.Network, "shared", owner))
        .Decide(Policy(), "alice", "POST", $"/containers/web/rename?name={name}").Allowed);

    [Fact]
    public void StartsOnANetworkThatAnAdministratorSharesByItsName()
    {
        const string json = """{"NetworkSettings":{"Networks":{"shared":{}}}}""";

        Assert.True(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Of(ObjectKind.Network, "shared", "boss")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
        Assert.False(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Of(ObjectKind.Network, "shared", "bob")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
    }

    [Theory]
    [InlineData("""{"HostConfig":{"NetworkMode":"container:db"}}""")]
    [InlineData("""{"HostConfig":{"PidMode":"container:db"}}""")]
    [InlineData("""{"HostConfig":{"IpcMode":"container:db"}}""")]
    [InlineData("""{"HostConfig":{"VolumesFrom":["db:ro"]}}""")]
    [InlineData("""{"HostConfig":{"Links":["/db:/web/db"]}}""")]
    [InlineData("""{"NetworkSettings":{"Networks":{"bridge":{"Links":["db:x"]}}}}""")]
    public void I45_StartsNothingThatJoinsWhatBecameAnothers(string json)
    {
        Assert.False(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Container("db", "bob")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
        Assert.True(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Container("db", "alice")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
    }

    [Theory]
    [InlineData("""{"Mounts":[{"Type":"volume","Name":"data"}]}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Source":"data"}]}}""")]
    public void I45_StartsNothingWithAVolumeThatBecameAnothers(string json)
    {
        Assert.False(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Of(ObjectKind.Volume, "data", "bob")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
        Assert.False(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Of(ObjectKind.Volume, "data", null)).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
        Assert.True(new SomeEngine().With(SomeEngine.Container("web", "alice", json)).With(SomeEngine.Of(ObjectKind.Volume, "data", "alice")).Decide(Policy(), "alice", "POST", "/containers/web/start").Allowed);
    }

    [Theory]
    [InlineData("bob", 409)]
    [InlineData("alice", 0)]
    public void I45_GivesNoNetworkANameThatAnothersContainerKeeps(string owner, int status) =>
        Assert.Equal(status, new SomeEngine { NetworkUsers = [Listed("web", owner, "net", "exited")] }.Decide(Policy(), "alice", "POST", "/networks/create", """{"Name":"net"}""").Status);

    /// <summary>One that was never started keeps the name in its settings alone.</summary>
    [Fact]
    public void I45_GivesNoNetworkANameThatAnothersSettingsKeep() => Assert.Equal(409, new SomeEngine
    {
        NetworkUsers = [SomeEngine.Container("web", "bob", """{"State":"created","HostConfig":{"NetworkMode":"net"}}""")],
    }.Decide(Policy(), "alice", "POST", "/networks/create", """{"Name":"net"}""").Status);

    [Fact]
    public void I37_TakesAPrefixOfAnIdForNoName() =>
        Assert.True(new SomeEngine { NetworkUsers = [Listed("web", "bob", "other", "exited")] }.Decide(Policy(), "alice", "POST", "/networks/create", """{"Name":"a"}""").Allowed);

    [Theory]
    [InlineData("exited", 409)]
    [InlineData("created", 409)]
    [InlineData("running", 0)]
    public void KeepsANetworkThatAStoppedContainerNames(string state, int status) =>
        Assert.Equal(status, new SomeEngine { NetworkUsers = [Listed("web", "alice", "net", state)] }.With(SomeEngine.Of(ObjectKind.Network, "net", "alice")).Decide(Policy(), "alice", "DELETE", "/networks/net").Status);

    private static EngineObject Listed(string name, string owner, string network, string state) =>
        SomeEngine.Container(name, owner, $"{{\"State\":\"{state}\",\"NetworkSettings\":{{\"Networks\":{{\"{network}\":{{\"NetworkID\":\"a0\"}}}}}}}}");

    private AccessPolicy Policy()
    {
        folder.Write("a.yaml", "version: 1\nroles:\n  r: {rules: [{id: x, allow: [\"Container*\", \"Network*\"]}], grants: {networks: [bridge, own, shared]}}\n  root: {root-equivalent: true, rules: [{id: all, allow: [\"*\"], on: all}]}\nusers: {alice: {roles: [r]}, bob: {roles: [r]}, boss: {roles: [root]}}");
        var loaded = folder.Load();
        Assert.Empty(loaded.Errors);
        return loaded.Policy!;
    }
}
