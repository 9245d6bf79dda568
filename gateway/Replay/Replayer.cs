using Gateway.EngineApi;
using Gateway.Policy;

namespace Gateway.Replay;

internal enum ReplayOutcome
{
    Same,
    Changed,

    /// <summary>The record does not hold what the new policy asks for.</summary>
    Undecided,

    /// <summary>No policy decides it: malformed, the engine was away, nobody.</summary>
    NotPolicy,
}

/// <summary>What a recorded call comes to now.</summary>
internal readonly record struct Replayed(ReplayOutcome Outcome, Decision? Decision, string Why);

/// <summary>Decides recorded calls again by another policy, with the evaluator that serve uses. Thread-safe.</summary>
internal sealed class Replayer
{
    private static readonly string[] NotByPolicy =
    [
        "MalformedRequest:", "UnknownOperation:", "Unidentified:", "BodyTooLarge:", "UnsupportedMediaType:", "Conflict:", "RateLimited:", "QuotaExceeded:", "EngineUnreachable:", "EngineAnswerUnreadable:", "AuditFailed:",
        "EvaluationFailed:",
    ];

    private readonly AccessPolicy policy;
    private readonly bool administratorsStay;
    private readonly IReadOnlyList<KeyValuePair<string, string>> askedLabels;

    /// <param name="administratorsStay">True where the policy is a draft that does not name administrators: those of the record count.</param>
    public Replayer(AccessPolicy policy, bool administratorsStay = false)
    {
        (this.policy, this.administratorsStay) = (policy, administratorsStay);
        askedLabels = AskedLabels(policy);
    }

    /// <summary>The labels that selectors of the policy compare.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> AskedLabels(AccessPolicy policy) =>
        [.. policy.Roles.Values.SelectMany(role => role.Rules).Where(rule => rule.On.Kind == SelectorKind.Label).SelectMany(rule => rule.On.Labels!).Distinct()];

    public Replayed Decide(RecordedCall call)
    {
        if (!call.Allowed && NotByPolicy.Any(reason => call.Reason.StartsWith(reason, StringComparison.Ordinal)))
        {
            return new(ReplayOutcome.NotPolicy, null, call.Reason);
        }

        if (call.IsCut)
        {
            return new(ReplayOutcome.Undecided, null, "the record keeps nothing to decide on");
        }

        try
        {
            return Compare(call);
        }
        catch (RequestRefusedException e)
        {
            return new(call.Allowed ? ReplayOutcome.Undecided : ReplayOutcome.Same, null, $"the recorded request cannot be read again: {e.Message}");
        }
    }

    private Replayed Compare(RecordedCall call)
    {
        if (EffectiveRoles.Find(call.Identity, policy) is not { } caller)
        {
            return Against(call, Decision.Deny(DenyReason.UnknownUser, 403, $"no user \"{call.CallerName}\" in the policy"));
        }

        var request = call.Read();
        if (request.Refusal is { } refusal)
        {
            return new(call.Allowed ? ReplayOutcome.Undecided : ReplayOutcome.Same, null, refusal.Message);
        }

        if (PolicyEvaluator.Preview(caller, request) is { } denied)
        {
            return Against(call, denied);
        }

        if (call.Objects is null)
        {
            return new(ReplayOutcome.Undecided, null, "its operation is allowed now, and body and objects were not looked at then");
        }

        var (body, facts) = (call.BodyWith(askedLabels), call.Facts(askedLabels, name => administratorsStay ? call.WasAdministrator(name) : EffectiveRoles.IsAdministrator(name, policy)));
        if (RequestReferences.Of(request, body).Any(reference => !facts.Objects.ContainsKey(reference)))
        {
            return new(ReplayOutcome.Undecided, null, "it names objects that were not looked up then");
        }

        var verdict = PolicyEvaluator.Decide(caller, request, body, facts);
        if (verdict is { Decision.Allowed: true, Context: { Unlimited: false, AllObjects: false } } && KeepsUnseen(request, facts))
        {
            return new(ReplayOutcome.Undecided, verdict.Decision, "what the container keeps was not looked up then");
        }

        if (verdict.Decision.Allowed && call.LeftOut.Contains("body") && request.Operation!.Body == BodyKind.Json)
        {
            return call.Allowed ? new(ReplayOutcome.Same, verdict.Decision, "") : new(ReplayOutcome.Undecided, null, "the record leaves the body out");
        }

        return Against(call, verdict.Decision);
    }

    /// <summary>A start joins again what the container keeps by name; for a caller who was not limited then nobody asked.</summary>
    private static bool KeepsUnseen(EngineRequest request, RequestFacts facts) => request.Operation!.Name is "ContainerStart" or "ContainerRestart" or "ContainerRename"
        && facts.Find(ObjectKind.Container, request.Name!) is { } container && StoredReferences.Of(container).Any(reference => !facts.Objects.ContainsKey(reference));

    private static Replayed Against(RecordedCall call, Decision decision)
    {
        if (decision.Allowed == call.Allowed)
        {
            return new(ReplayOutcome.Same, decision, "");
        }

        // What was refused for a field whose value no record keeps may be refused again.
        return decision.Allowed && call.LeavesOut(call.Fields)
            ? new(ReplayOutcome.Undecided, decision, $"it was refused for {string.Join(", ", call.Fields)}, which the record leaves out")
            : new(ReplayOutcome.Changed, decision, decision.Allowed ? $"{decision.Role}/{decision.Rule}" : decision.Detail);
    }
}
