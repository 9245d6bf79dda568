using System.Text;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Checks;
using Gateway.Requests;
using Gateway.Wire;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>A client sends a build all the credentials it has: those of registries that the role may not log in at stay here.</summary>
public sealed class BuildCredentialsTests
{
    [Theory]
    [InlineData("""{"https://index.docker.io/v1/":{"username":"u"},"quay.io":{"username":"u"}}""", "https://index.docker.io/v1/")]
    [InlineData("""{"docker.io":{"username":"u","serveraddress":"http://169.254.169.254/"}}""", "")]
    [InlineData("""{"localhost":{"username":"u","serveraddress":"localhost"}}""", "")]
    [InlineData("""{"docker.io":{"username":"u","serveraddress":"https://index.docker.io/v1/"}}""", "docker.io,https://index.docker.io/v1/")]
    [InlineData("""{"localhost:5000":{"username":"u"}}""", "")]
    [InlineData("{}", "")]
    public void LeavesOutThoseOfOtherRegistries(string json, string kept)
    {
        var head = Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).Replace('+', '-').Replace('/', '_');
        var request = RequestReader.Read(new RequestHead("POST", "/build", [new RequestHeader("X-Registry-Config", head)], 0, false));
        var grants = new Grants { Images = ["docker.io/library/*", "localhost/${user}/*"] };
        var role = new Role("r", null, false, [new Rule("x", RuleEffect.Allow, new HashSet<EngineOperation> { request.Operation! }, Selector.Own, null)], grants);
        var caller = new Caller("alice", [role], []);
        var facts = new RequestFacts { Objects = new Dictionary<Gateway.Objects.ObjectReference, Gateway.Objects.EngineObject?>(), HostPaths = HostPathFacts.None };
        var context = new CheckContext(caller, role, request, facts, ObjectScope.Of(caller, role, request.Operation!));

        RegistryCheck.OfBuildHead.Run(NoBody.Instance, context);

        Assert.Equal(kept, string.Join(',', context.RegistryAuth!.Registries));
    }
}
