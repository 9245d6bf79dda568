using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>What no rule of a policy can give: an operation that is not in the catalogue, and one of the whole host to a role that does not say that it is root.</summary>
public sealed class OperationInvariantTests
{
    /// <summary>Every operation there is, on everybody's objects, limited by no grants.</summary>
    private static readonly Role Everything = new("everything", null, false, [new Rule("all", RuleEffect.Allow, OperationCatalogue.All.ToHashSet(), Selector.All, null)], null);

    private static readonly Role Root = Everything with { RootEquivalent = true };

    public static TheoryData<string> OfTheHost =>
    [
        "Grpc", "Session", .. OperationCatalogue.All.Select(operation => operation.Name).Where(name =>
            name.StartsWith("Debug", StringComparison.Ordinal) || name.Contains("Checkpoint", StringComparison.Ordinal) || name.StartsWith("Swarm", StringComparison.Ordinal)
            || (name.Contains("Plugin", StringComparison.Ordinal) && name != "PluginInspect")),
    ];

    /// <summary>What a next engine may route, and paths near to those that there are.</summary>
    [Theory]
    [InlineData("POST", "/v1.99/containers/x/teleport")]
    [InlineData("GET", "/v1.41/frobnicate")]
    [InlineData("PUT", "/containers/x")]
    [InlineData("PATCH", "/v1.41/containers/x/json")]
    [InlineData("CONNECT", "/v1.41/info")]
    [InlineData("post", "/v1.41/containers/create")]
    [InlineData("POST", "/v1.41/info")]
    [InlineData("GET", "/debug")]
    [InlineData("GET", "/v1.41/Containers/json")]
    public void I1_AnswersWhatIsNoOperationToNobody(string method, string target)
    {
        var decision = Decide(Root, method, target);

        Assert.Equal((false, DenyReason.UnknownOperation, 404), (decision.Allowed, decision.Reason, decision.Status));
    }

    [Theory]
    [MemberData(nameof(OfTheHost))]
    public void I66_LeavesOperationsOfTheHostToRolesThatSayThatTheyAreRoot(string name)
    {
        var operation = OperationCatalogue.Get(name);
        var request = new EngineRequest { Id = "1", Method = operation.Method, RawPath = operation.Template, Operation = operation, Name = "x", Header = _ => null };

        Assert.Equal(DenyReason.NoRuleMatched, PolicyEvaluator.Preview(new Caller("alice", [Everything], []), request)?.Reason);
        Assert.Null(PolicyEvaluator.Preview(new Caller("boss", [Root], []), request));
    }

    private static Decision Decide(Role role, string method, string target) =>
        OfflineDecision.Decide(new OfflineCaller(new Caller("boss", [role], [])), OfflineRequest.Of(method, target), new OfflineFacts { Objects = AssumedOwner.Mine, HostPathsAreSafe = true }).Decision;
}
