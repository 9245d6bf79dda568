using Gateway.Identity;
using Gateway.Policy;
using Gateway.Trust;

namespace Gateway.Entitlement;

/// <summary>
/// Judges again what was allowed before, by what is trusted now: pure, the same identity rules and the same evaluator as for a
/// new request.
/// </summary>
internal static class Judgement
{
    /// <summary>Why whoever is at the other end is nobody now, or null.</summary>
    public static string? WhyNobody(TrustSnapshot trust, ClientCredential who, DateTimeOffset now)
    {
        var identity = trust.Identify(who, now);
        return identity.Refusal ?? (EffectiveRoles.Find(identity, trust.Policy) is null ? Unknown(identity) : null);
    }

    /// <summary>Why the call may not go on, or null.</summary>
    public static string? WhyEnded(TrustSnapshot trust, EntitledCall open, DateTimeOffset now)
    {
        var identity = trust.Identify(open.Who, now);
        if (identity.Refusal is { } refusal)
        {
            return refusal;
        }

        var call = open.Call;
        if (EffectiveRoles.Find(identity, trust.Policy) is not { User: var user } caller)
        {
            return Unknown(identity);
        }

        if (user != call.Context.User)
        {
            return $"this certificate is user \"{user}\" in the policy now";
        }

        if (PolicyEvaluator.Preview(caller, call.Request) is { } denied)
        {
            return denied.Detail;
        }

        // A policy does not change what is on the host's disk: paths were looked at when the call began.
        var verdict = PolicyEvaluator.Decide(caller, call.Request, call.Body, call.Context.Facts with { HostPaths = HostPathFacts.AsGranted });
        return !verdict.Decision.Allowed ? verdict.Decision.Detail
            : SeesLess(call.Context, verdict.Context!) ? $"what user \"{user}\" may see was narrowed in the policy"
            : null;
    }

    /// <summary>The answer that runs was narrowed by the old rights: it must not show more than the new ones.</summary>
    private static bool SeesLess(CheckContext then, CheckContext now) =>
        !now.Scope.ShowsAllOf(then.Scope)
        || (then.Request.Operation!.Name == "SystemEvents" && !now.AllObjects
            && !(then.Grants.Images.SequenceEqual(now.Grants.Images) && then.Grants.Networks.SequenceEqual(now.Grants.Networks)));

    private static string Unknown(ClientIdentity identity) => identity.Account is not null ? identity.Unknown : $"user \"{identity.Name}\" is not in the policy any more, or its entry needs another key";
}
