using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tests.Policy.Support;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Requests;

/// <summary>A new container's binds are looked at once more: what another create did meanwhile is seen then (Rule B4; I22).</summary>
public sealed class CreatedBindsTests
{
    private const string Bound = """{"Image":"i","Mounts":[{"Type":"bind","Source":"/srv/data","RW":true}]}""";
    private const string Inner = """{"Image":"i","Mounts":[{"Type":"volume","Name":"gateway-folder.srv.data","RW":true}]}""";

    [Fact]
    public async Task KeepsAContainerWhoseBindsAreSound()
    {
        Assert.Null(await FirstAsync(Bound, new HostPathFact { Kind = HostPathKind.Folder }));
        Assert.Null(await FirstAsync(Inner, new HostPathFact { Kind = HostPathKind.Folder }, "/srv/data"));
    }

    [Theory]
    [InlineData(Bound, null)]
    [InlineData(Inner, "/srv/data")]
    public async Task I22_RemovesAContainerWhoseBindsAreNotSoundAnyMore(string container, string? folder)
    {
        Assert.Contains("above it", (await FirstAsync(container, new HostPathFact { Kind = HostPathKind.Folder, Problem = "a container has a folder above it read-write" }, folder))!.Message, StringComparison.Ordinal);
        Assert.Contains("below it", (await FirstAsync(container, new HostPathFact { Kind = HostPathKind.Folder, HoldsBindOfContainer = true }, folder))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task I20_RemovesAContainerWithABindThatNobodyLookedAt() =>
        Assert.NotNull(await FirstAsync("""{"Image":"i","Mounts":[{"Type":"bind","Source":"/etc","RW":false}]}""", new HostPathFact { Kind = HostPathKind.Folder }));

    private static async Task<PlanRefusal?> FirstAsync(string container, HostPathFact fact, string? folder = null)
    {
        var image = new EngineObject(ObjectKind.Image, "i", "", null, new Dictionary<string, string>(), SomeEngine.Raw("{}"));
        var facts = new RequestFacts
        {
            Objects = new Dictionary<ObjectReference, EngineObject?> { [new(ObjectKind.Image, "i")] = image },
            HostPaths = new HostPathFacts(new Dictionary<HostPathName, HostPathFact> { [new("/srv/data", folder)] = fact }),
        };
        var request = RequestReader.Read(new RequestHead("POST", "/v1.51/containers/create", [new RequestHeader("Content-Type", "application/json")], 2, false));
        var grants = new Grants { Binds = [new BindGrant("/srv/data", true, true, Inside: true)] };
        var role = new Role("r", null, false, [new Rule("own", RuleEffect.Allow, new HashSet<EngineOperation> { request.Operation! }, Selector.Own, null)], grants);
        var caller = new Caller("alice", [role], []);
        var created = new CreatedContainer(
            SomeEngine.Container("new", "alice", container), image, facts, new CheckContext(caller, role, request, facts, ObjectScope.Of(caller, role, request.Operation!)));
        foreach (var check in CreatedChecks.All)
        {
            if (await check(created, TestContext.Current.CancellationToken) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }
}
