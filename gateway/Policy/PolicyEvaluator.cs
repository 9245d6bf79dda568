using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>A decision with, where it allows, what is to be forwarded.</summary>
/// <param name="Context">The role's look at the request; null where no role came that far.</param>
internal sealed record Verdict(Decision Decision, CheckContext? Context, byte[]? Body);

/// <summary>
/// Decides one request: pure, no I/O. One role must allow it by itself (I51), any deny of any role wins, nothing matched is a
/// denial, and so is an error while deciding.
/// </summary>
internal static class PolicyEvaluator
{
    /// <summary>The part that needs neither body nor objects: null where a role may have the operation at all.</summary>
    public static Decision? Preview(Caller caller, EngineRequest request)
    {
        var operation = request.Operation!;
        if (Deny(caller, operation, selector => !ObjectScope.IsAboutSome(selector)) is { } denied)
        {
            return denied;
        }

        return caller.Roles.Any(role => Rules(role, operation).Any())
            ? null
            : NoRule($"no role of this user allows {operation}{(operation.Reach is { } reach ? $", {reach}" : "; an administrator would have to allow it in a rule of a role")}");
    }

    /// <summary>The rules by which a role may have the operation at all, the widest first.</summary>
    public static IEnumerable<Rule> Rules(Role role, EngineOperation operation) => role.Rules
        .Where(rule => rule.Effect == RuleEffect.Allow && rule.Operations.Contains(operation) && (role.RootEquivalent || operation.Reach is null || (!operation.RootEquivalentOnly && rule.On.Kind == SelectorKind.All)))
        .OrderByDescending(rule => rule.On.Kind == SelectorKind.All);

    public static Verdict Decide(Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        if (Preview(caller, request) is { } refused)
        {
            return new Verdict(refused, null, null);
        }

        var (allowed, refusal) = Allow(caller, request, body, facts);
        if (allowed is null)
        {
            return refusal ?? new Verdict(NoRule($"no rule allows {request.Operation}"), null, null);
        }

        // Last, because of what is another's a deny would tell that it is there.
        var named = facts.Objects.Values.OfType<EngineObject>().Concat(NewObject.Of(caller, request, body) is { } made ? [made] : []).ToList();
        return Deny(caller, request.Operation!, selector => ObjectScope.IsAboutSome(selector) && named.Exists(found => allowed.Context!.Scope.Excludes(selector, found))) is { } denied
            ? new Verdict(denied, allowed.Context, null)
            : allowed;
    }

    private static (Verdict? Allowed, Verdict? Refused) Allow(Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, RequestFacts facts)
    {
        var operation = request.Operation!;
        var subject = request.Name is { } name ? facts.Find(operation.PathKind, name) : NewObject.Of(caller, request, body);
        Verdict? refused = null;
        foreach (var role in caller.Roles)
        {
            var scope = ObjectScope.Of(caller, role, operation);
            if (Rules(role, operation).FirstOrDefault(rule => MayTouch(rule, scope, role, request, subject, facts)) is not { } rule)
            {
                refused ??= Rules(role, operation).Any() ? new Verdict(NotTouched(request), null, null) : null;
                continue;
            }

            var context = new CheckContext(caller, role, request, facts, scope);
            var forwarded = RequestChecks.Run(context, body);
            if (context.Refusal is not { } refusal)
            {
                return (new Verdict(Decision.Allow(role.Name, rule.Id), context, forwarded), null);
            }

            refused = refused is { Context: not null } ? refused : new Verdict(refusal.By(role.Name, rule.Id), context, null);
        }

        return (null, refused);
    }

    private static Decision? Deny(Caller caller, EngineOperation operation, Func<Selector, bool> applies)
    {
        foreach (var role in caller.Roles)
        {
            if (role.Rules.FirstOrDefault(rule => rule.Effect == RuleEffect.Deny && rule.Operations.Contains(operation) && applies(rule.On)) is { } rule)
            {
                return Decision.Deny(DenyReason.DeniedByRule, 403, rule.Reason ?? $"{operation} is denied").By(role.Name, rule.Id);
            }
        }

        return null;
    }

    private static Decision NoRule(string detail) => Decision.Deny(DenyReason.NoRuleMatched, 403, detail);

    private static Decision NotTouched(EngineRequest request) => request.Name is { } name
        ? Decision.NotFound(request.Operation!, request.Operation!.PathKind, name)
        : NoRule($"the rules for {request.Operation} are about objects of other names, labels or images");

    /// <summary>Images and shared networks are judged by their names in the checks; everything else by the rule's selector.</summary>
    private static bool MayTouch(Rule rule, ObjectScope scope, Role role, EngineRequest request, EngineObject? subject, RequestFacts facts)
    {
        if (request.Operation!.Object is ObjectKind.Image || (request.Name is null && subject is null))
        {
            return true;
        }

        // Of what is not there an administrator's own engine says so in its own words; nodes and plugins have no owner, and a
        // plugin's settings hold secrets: for everybody else there is none, so that docker inspect NAME ends as on an engine.
        if (subject is null || request.Operation.Object is ObjectKind.Plugin or ObjectKind.Node or ObjectKind.Swarm)
        {
            return rule.On.Kind == SelectorKind.All && (role.RootEquivalent || request.Operation.Object != ObjectKind.Plugin);
        }

        return scope.Selects(rule.On, subject)
            || (request.Operation.Name is "NetworkInspect" or "NetworkConnect" or "NetworkDisconnect" && role.Grants?.Networks.Contains(subject.Name) == true && (subject.Owner is null || facts.IsAdministrator(subject.Owner)));
    }
}
