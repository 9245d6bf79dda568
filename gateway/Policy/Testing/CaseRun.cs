using Gateway.Offline;
using Gateway.Policy.Files.Cases;
using Gateway.Wire;

namespace Gateway.Policy.Testing;

/// <summary>Decides cases with the reading and the evaluator that serve uses.</summary>
internal static class CaseRun
{
    /// <summary>The outcomes in the cases' order; the cases are decided side by side.</summary>
    public static IReadOnlyList<CaseOutcome> All(AccessPolicy policy, IReadOnlyList<(string File, PolicyTestCase Case)> cases) =>
        [.. cases.AsParallel().AsOrdered().Select(entry => Of(entry.File, entry.Case, policy))];

    public static OfflineCaller Caller(PolicyTestCase test, AccessPolicy policy) =>
        test.Roles is { } roles ? OfflineCaller.With(policy, test.User, roles) : OfflineCaller.Find(policy, test.User);

    public static Decision Decide(PolicyTestCase test, OfflineCaller caller) => OfflineDecision.Decide(
        caller,
        OfflineRequest.Of(test.Method, test.Target, test.Body, test.Headers.Select(head => new RequestHeader(head.Key, head.Value))),
        new OfflineFacts
        {
            Objects = test.Owner switch { CaseOwner.Absent => AssumedOwner.Absent, CaseOwner.Other => AssumedOwner.Other, _ => AssumedOwner.Mine },
            HostPathsAreSafe = true,
        }).Decision;

    private static CaseOutcome Of(string file, PolicyTestCase test, AccessPolicy policy)
    {
        var decision = Decide(test, Caller(test, policy));
        return new CaseOutcome(file, test, decision, decision switch
        {
            _ when decision.Allowed != test.ExpectsAllow => decision.Allowed ? $"allowed by rule \"{decision.Rule}\"" : $"denied with {decision.Status}: {decision.Detail}",
            _ when test.Rule is not null && decision.Rule != test.Rule => $"decided by rule \"{decision.Rule}\", not \"{test.Rule}\"",
            _ when test.Status is not null && decision.Status != test.Status => $"denied with {decision.Status}, not {test.Status}",
            _ when test.Field is not null && !decision.Fields.Contains(test.Field) => $"names \"{string.Join(", ", decision.Fields)}\", not \"{test.Field}\": {decision.Detail}",
            _ => null,
        });
    }
}
