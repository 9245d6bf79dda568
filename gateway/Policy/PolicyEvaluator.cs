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
    public static Decision? Preview(IReadOnlyList<Role> roles, EngineRequest request)
    {
        var operation = request.Operation!;
        return roles.Any(role => Rules(role, operation).Any())
            ? null
            : NoRule($"no role of this user allows {operation}{(operation.Reach is { } reach ? $", {reach}" : "")}");
    }

    public static Verdict Decide(
        string user,
        IReadOnlyList<Role> roles,
        EngineRequest request,
        ReadOnlyMemory<byte> body,
        IReadOnlyDictionary<ObjectReference, EngineObject?> objects,
        HostPathFacts hostPaths)
    {
        var subject = request.Name is { } name ? Subject(request.Operation!, name, objects) : null;
        foreach (var role in roles)
        {
            if (role.Rules.FirstOrDefault(rule => rule.Effect == RuleEffect.Deny && rule.Operations.Contains(request.Operation!) && Applies(rule, user, subject, deny: true)) is { } deny)
            {
                var why = deny.Reason ?? $"{request.Operation} is denied";
                return new Verdict(Decision.Deny(DenyReason.DeniedByRule, 403, why).By(role.Name, deny.Id), null, null);
            }
        }

        Verdict? refused = null;
        foreach (var role in roles)
        {
            foreach (var rule in Rules(role, request.Operation!))
            {
                if (!MayTouch(rule, role, user, request, subject))
                {
                    refused ??= new Verdict(NotThere(request), null, null);
                    continue;
                }

                var context = new CheckContext(user, role, request, objects, hostPaths) { AllObjects = rule.On.Kind == SelectorKind.All };
                var forwarded = RequestChecks.Run(context, body);
                if (context.Refusal is not { } refusal)
                {
                    return new Verdict(Decision.Allow(role.Name, rule.Id), context, forwarded);
                }

                refused = refused is { Context: not null } ? refused : new Verdict(refusal.By(role.Name, rule.Id), context, null);
            }
        }

        return refused ?? new Verdict(NoRule($"no rule allows {request.Operation}"), null, null);
    }

    private static Decision NoRule(string detail) => Decision.Deny(DenyReason.NoRuleMatched, 403, detail);

    /// <summary>The rules by which a role may have the operation at all, the widest first.</summary>
    public static IEnumerable<Rule> Rules(Role role, EngineOperation operation) => role.Rules
        .Where(rule => rule.Effect == RuleEffect.Allow && rule.Operations.Contains(operation) && (role.RootEquivalent || operation.Reach is null || (!operation.RootEquivalentOnly && rule.On.Kind == SelectorKind.All)))
        .OrderByDescending(rule => rule.On.Kind == SelectorKind.All);

    private static EngineObject? Subject(EngineOperation operation, string name, IReadOnlyDictionary<ObjectReference, EngineObject?> objects) =>
        objects.GetValueOrDefault(new ObjectReference(operation.Name == "ContainerExec" ? ObjectKind.Container : operation.Object, name));

    private static Decision NotThere(EngineRequest request)
    {
        var kind = request.Operation!.Name == "ContainerExec" ? ObjectKind.Container : request.Operation.Object;
        return Decision.Deny(DenyReason.NotFound, 404, EngineError.NotFound(request.Operation, kind, request.Name ?? ""));
    }

    /// <summary>Images and shared networks are judged by their names in the checks; everything else by the rule's selector.</summary>
    private static bool MayTouch(Rule rule, Role role, string user, EngineRequest request, EngineObject? subject)
    {
        if (request.Name is null || request.Operation!.Object is ObjectKind.Image)
        {
            return true;
        }

        if (request.Operation.Object is ObjectKind.Plugin or ObjectKind.Node or ObjectKind.Task or ObjectKind.Swarm)
        {
            return rule.On.Kind == SelectorKind.All;
        }

        if (subject is null)
        {
            // An administrator's own engine says in its own words that there is none.
            return rule.On.Kind == SelectorKind.All;
        }

        return Applies(rule, user, subject, deny: false)
            || (request.Operation.Name is "NetworkInspect" or "NetworkConnect" or "NetworkDisconnect" && role.Grants?.Networks.Contains(subject.Name) == true && subject.Owner is null);
    }

    private static bool Applies(Rule rule, string user, EngineObject? subject, bool deny) => rule.On.Kind switch
    {
        SelectorKind.All => true,
        SelectorKind.Own => deny || subject?.Owner == user,
        SelectorKind.Label => subject is not null && rule.On.Labels!.All(label => subject.Labels.GetValueOrDefault(label.Key) == label.Value),
        SelectorKind.Name => subject is not null && Glob.Matches(rule.On.Pattern!, subject.Name),
        SelectorKind.Image => subject is not null && ImageReference.TryParse(Json.String(Json.Member(subject.Raw, "Config"), "Image") ?? "", out var image) && Glob.Matches(rule.On.Pattern!, image.Canonical),
        _ => throw new InvalidOperationException($"selector {rule.On.Kind} is not known"),
    };
}
