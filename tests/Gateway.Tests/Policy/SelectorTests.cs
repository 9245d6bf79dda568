using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Gateway.Tests.Policy.Support;
using Xunit;

namespace Gateway.Tests.Policy;

/// <summary>Rules that select by label, name and image, to allow and to deny; several roles; groups and their variables (I38, I51).</summary>
public sealed class SelectorTests : IDisposable
{
    private const string Grants = "grants: {images: [\"docker.io/library/*\"], networks: [bridge, own]}";
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("on: own", false)]
    [InlineData("on: all", true)]
    [InlineData("on: {label: {team: a}}", true)]
    [InlineData("on: {label: {team: b}}", false)]
    [InlineData("on: {name: \"web*\"}", true)]
    [InlineData("on: {name: \"db*\"}", false)]
    public void SelectsAnothersContainer(string on, bool allowed) => Assert.Equal(allowed, new SomeEngine()
        .With(SomeEngine.Container("web", "bob", labels: ("team", "a")))
        .Decide(Policy($"r: {{rules: [{{id: x, allow: [ContainerStop], {on}}}]}}"), "alice", "POST", "/containers/web/stop").Allowed);

    /// <summary>What is the gateway's own is nobody's, whatever a rule is about; a plugin's settings hold secrets.</summary>
    [Fact]
    public void SelectsNeitherTheGatewaysVolumesNorPlugins()
    {
        var policy = Policy($"r: {{rules: [{{id: x, allow: [VolumeInspect, VolumeDelete, PluginInspect], on: all}}], {Grants}}}");
        var engine = new SomeEngine().With(SomeEngine.Of(ObjectKind.Volume, "gateway-folder.srv.data", null)).With(SomeEngine.Of(ObjectKind.Volume, "data", "bob"));

        Assert.Equal(404, engine.Decide(policy, "alice", "GET", "/volumes/gateway-folder.srv.data").Status);
        Assert.Equal(404, engine.Decide(policy, "alice", "DELETE", "/volumes/gateway-folder.srv.data").Status);
        Assert.Equal(404, engine.Decide(policy, "alice", "GET", "/plugins/x/json").Status);
        Assert.True(engine.Decide(policy, "alice", "GET", "/volumes/data").Allowed);
    }

    [Theory]
    [InlineData("nginx", true)]
    [InlineData("nginx:1.25", true)]
    [InlineData("docker.io/library/nginx", true)]
    [InlineData("nginx@sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("sha256:0123456789012345678901234567890123456789012345678901234567890123", true)]
    [InlineData("0123456789ab", true)]
    [InlineData("redis", false)]
    [InlineData("redis@sha256:0123456789012345678901234567890123456789012345678901234567890123", false)]
    [InlineData("localhost/alice/nginx", false)]
    public void DeniesByImageWhateverItWasStartedAs(string image, bool denied)
    {
        var policy = Policy("r: {rules: [{id: x, allow: [ContainerStop]}, {id: no, deny: [ContainerStop], on: {image: nginx}}]}");
        var container = SomeEngine.Container("web", "alice") with { ImageName = image };

        Assert.Equal(denied ? "no" : "x", new SomeEngine().With(container).Decide(policy, "alice", "POST", "/containers/web/stop").Rule);
    }

    [Theory]
    [InlineData("nginx:1.25", true)]
    [InlineData("localhost/bob/nginx", false)]
    [InlineData("sha256:0123456789012345678901234567890123456789012345678901234567890123", false)]
    [InlineData("0123456789ab", false)]
    [InlineData("", false)]
    public void AllowsByImageOnlyWhatWasStartedByItsName(string image, bool allowed) => Assert.Equal(allowed, new SomeEngine()
        .With(SomeEngine.Container("web", "bob") with { ImageName = image })
        .Decide(Policy("r: {rules: [{id: x, allow: [ContainerStop], on: {image: nginx}}]}"), "alice", "POST", "/containers/web/stop").Allowed);

    [Fact]
    public void TellsNothingOfWhatADenyRuleIsAboutToWhoMayNotTouchItAnyway()
    {
        var policy = Policy("r: {rules: [{id: x, allow: [ContainerStop]}, {id: no, deny: [ContainerStop], on: {label: {team: a}}}]}");

        Assert.Equal(404, new SomeEngine().With(SomeEngine.Container("web", "bob", labels: ("team", "a"))).Decide(policy, "alice", "POST", "/containers/web/stop").Status);
        Assert.Equal(403, new SomeEngine().With(SomeEngine.Container("web", "alice", labels: ("team", "a"))).Decide(policy, "alice", "POST", "/containers/web/stop").Status);
        Assert.True(new SomeEngine().With(SomeEngine.Container("web", "alice")).Decide(policy, "alice", "POST", "/containers/web/stop").Allowed);
    }

    [Theory]
    [InlineData("""{"Image":"busybox","HostConfig":{"PidMode":"container:db"}}""")]
    [InlineData("""{"Image":"busybox","HostConfig":{"VolumesFrom":["db"]}}""")]
    [InlineData("""{"Image":"busybox","Labels":{"keep":"yes"}}""")]
    public void DeniesWhatABodyNames(string body)
    {
        var policy = Policy($"r: {{rules: [{{id: x, allow: [ContainerCreate]}}, {{id: no, deny: [ContainerCreate], on: {{label: {{keep: \"yes\"}}}}}}], {Grants}}}");

        var decision = new SomeEngine().With(SomeEngine.Container("db", "alice", labels: ("keep", "yes"))).Decide(policy, "alice", "POST", "/containers/create", body);

        Assert.Equal((DenyReason.DeniedByRule, "no"), (decision.Reason, decision.Rule));
    }

    [Theory]
    [InlineData("on: {name: \"web-*\"}", "?name=web-1", "{\"Image\":\"busybox\"}", true)]
    [InlineData("on: {name: \"web-*\"}", "?name=db", "{\"Image\":\"busybox\"}", false)]
    [InlineData("on: {name: \"web-*\"}", "", "{\"Image\":\"busybox\"}", false)]
    [InlineData("on: {image: busybox}", "", "{\"Image\":\"busybox\"}", true)]
    [InlineData("on: {image: busybox}", "", "{\"Image\":\"nginx\"}", false)]
    [InlineData("on: {label: {team: a}}", "", "{\"Image\":\"busybox\",\"Labels\":{\"team\":\"a\"}}", true)]
    [InlineData("on: {label: {team: a}}", "", "{\"Image\":\"busybox\"}", false)]
    public void SelectsWhatACreateWouldMake(string on, string query, string body, bool allowed) => Assert.Equal(allowed, new SomeEngine()
        .Decide(Policy($"r: {{rules: [{{id: x, allow: [ContainerCreate], {on}}}], {Grants}}}"), "alice", "POST", "/containers/create" + query, body).Allowed);

    [Fact]
    public void GivesNoRightOverVolumesByARuleOnContainers()
    {
        var policy = Policy($"r: {{rules: [{{id: x, allow: [\"Container*\"], on: {{name: \"shared*\"}}}}], {Grants}}}");

        var decision = new SomeEngine().With(SomeEngine.Of(ObjectKind.Volume, "shared-data", "bob"))
            .Decide(policy, "alice", "POST", "/containers/create?name=shared", """{"Image":"busybox","HostConfig":{"Binds":["shared-data:/d"]}}""");

        Assert.Equal(DenyReason.NotFound, decision.Reason);
    }

    [Theory]
    [InlineData("\"PidMode\":\"container:web-1\"")]
    [InlineData("\"NetworkMode\":\"container:web-1\"")]
    [InlineData("\"VolumesFrom\":[\"web-1\"]")]
    [InlineData("\"Links\":[\"web-1:x\"]")]
    public void GivesNoRightToJoinAnothersContainerByARuleOnItsName(string field)
    {
        var policy = Policy($"r: {{rules: [{{id: x, allow: [\"Container*\"], on: {{name: \"web-*\"}}}}], {Grants}}}");
        string body = $$$"""{"Image":"busybox","HostConfig":{{{{field}}}}}""";

        Assert.Equal(400, new SomeEngine().With(SomeEngine.Container("web-1", "bob")).Decide(policy, "alice", "POST", "/containers/create?name=web-2", body).Status);
        Assert.True(new SomeEngine().With(SomeEngine.Container("web-1", "alice")).Decide(policy, "alice", "POST", "/containers/create?name=web-2", body).Allowed);
    }

    [Fact]
    public void I51_JoinsNoRightsOfTwoRoles()
    {
        var policy = Policy($"a: {{rules: [{{id: x, allow: [ContainerCreate]}}], {Grants}}}\n  b: {{rules: [{{id: y, allow: [ContainerStop]}}], grants: {{privileged: true, images: [\"docker.io/library/*\"], networks: [bridge]}}}}", "a, b");

        Assert.False(new SomeEngine().Decide(policy, "alice", "POST", "/containers/create", """{"Image":"busybox","HostConfig":{"Privileged":true}}""").Allowed);
        Assert.True(new SomeEngine().Decide(policy, "alice", "POST", "/containers/create", """{"Image":"busybox"}""").Allowed);
    }

    [Fact]
    public void I51_LetsADenyOfAnyRoleWin()
    {
        var policy = Policy("a: {rules: [{id: x, allow: [ContainerExport], on: all}]}\n  b: {rules: [{id: no, deny: [ContainerExport]}]}", "a, b");

        Assert.Equal("no", new SomeEngine().With(SomeEngine.Container("web", "alice")).Decide(policy, "alice", "GET", "/containers/web/export").Rule);
    }

    [Theory]
    [InlineData("registry.example.com/ops/tool", true)]
    [InlineData("registry.example.com/devs/tool", true)]
    [InlineData("registry.example.com/alice/tool", true)]
    [InlineData("registry.example.com/other/tool", false)]
    [InlineData("registry.example.com/ops2/tool", false)]
    public void StandsForEachGroupOfTheCaller(string image, bool allowed)
    {
        folder.Write("g.yaml", "version: 1\ngroups: {ops: {roles: [r], members: [alice]}, devs: {roles: [r], members: [alice, bob]}, other: {roles: [r], members: [bob]}}");

        var policy = Policy("r: {rules: [{id: x, allow: [ContainerCreate]}], grants: {images: [\"registry.example.com/${group}/*\", \"registry.example.com/${user}/*\"], networks: [bridge]}}");

        Assert.Equal(allowed, new SomeEngine().Decide(policy, "alice", "POST", "/containers/create", $$"""{"Image":"{{image}}"}""").Allowed);
    }

    [Fact]
    public void StandsForNothingWithoutAGroup() => Assert.False(new SomeEngine().Decide(
        Policy("r: {rules: [{id: x, allow: [ContainerCreate]}], grants: {images: [\"registry.example.com/${group}/*\"], networks: [bridge]}}"),
        "alice", "POST", "/containers/create", """{"Image":"registry.example.com/${group}/x"}""").Allowed);

    [Theory]
    [InlineData("ops", null)]
    [InlineData("carol", "carol")]
    public void TakesNobodyForAUserByAGroupsName(string name, string? user)
    {
        folder.Write("g.yaml", "version: 1\ngroups: {ops: {roles: [r]}, devs: {roles: [r], organization: devs}}");
        var policy = Policy("r: {rules: [{id: x, allow: [SystemPing]}]}");
        var identity = new ClientIdentity(name, ["devs"], null, "test", null);

        Assert.Equal(user, EffectiveRoles.Find(identity, policy)?.User);
        Assert.Equal(user is null, EffectiveRoles.WhyUnknown(identity, policy).Contains("is a group of the policy", StringComparison.Ordinal));
    }

    private AccessPolicy Policy(string roles, string names = "r")
    {
        folder.Write("a.yaml", $"version: 1\nroles:\n  {roles}\nusers: {{alice: {{roles: [{names}]}}, bob: {{roles: []}}}}");
        var loaded = folder.Load();
        Assert.Empty(loaded.Errors);
        return loaded.Policy!;
    }
}
