using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.Ask;

/// <summary>The steps of one decision in words: who, what, on what, with what, and each role's and rule's own look at it.</summary>
internal static class Explanation
{
    public static IEnumerable<string> Of(AccessPolicy policy, OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer)
    {
        yield return $"1. who      {caller.User}: {caller.Nobody ?? Roles(policy, caller)}";
        var request = answer.Request;
        if (request.Refusal is { } refusal)
        {
            yield return $"2. what     {AnswerText.Shown($"{asked.Method} {asked.Target}")}: refused with {refusal.Status}: {refusal.Message}";
        }
        else
        {
            yield return $"2. what     {AnswerText.Shown($"{asked.Method} {asked.Target}")}: {request.Operation}{(request.Version is { } minor ? $", API 1.{minor}" : ", the engine's own API version")}";
            foreach (var line in Objects(answer).Concat(WithWhat(asked, request)).Concat(caller.Roles.SelectMany(role => Look(caller, role, asked, answer))))
            {
                yield return line;
            }
        }

        var first = true;
        foreach (var line in AnswerText.Of(caller, asked, answer))
        {
            yield return (first ? "5. decision " : "            ") + line;
            first = false;
        }
    }

    private static string Roles(AccessPolicy policy, OfflineCaller caller)
    {
        var own = policy.Users.GetValueOrDefault(caller.User)?.Roles ?? [];
        return caller.Roles.Count == 0 ? "no role" : string.Join(", ", caller.Roles.Select(role => $"role \"{role.Name}\""
            + (own.Contains(role.Name) ? "" : $" by group {string.Join(", ", policy.Groups.Values.Where(g => g.Roles.Contains(role.Name)).Select(g => $"\"{g.Name}\""))}")
            + (role.RootEquivalent ? " (root-equivalent)" : "")));
    }

    private static IEnumerable<string> Objects(OfflineAnswer answer)
    {
        var keys = answer.Worlds[0].Objects.Keys.ToList();
        if (keys.Count == 0)
        {
            yield return "3. on what  names no object that would be looked up";
        }

        for (var i = 0; i < keys.Count; i++)
        {
            var states = States(answer, keys[i]);
            yield return $"{(i == 0 ? "3. on what " : "           ")} {keys[i].Kind.ToString().ToLowerInvariant()} \"{AnswerText.Shown(keys[i].Name)}\": {(states.Count == 1 ? states[0] : "not known; tried: " + string.Join(", ", states))}";
        }
    }

    private static IEnumerable<string> WithWhat(OfflineRequest asked, EngineRequest request)
    {
        var query = request.Query.ToString();
        yield return $"4. with     {(query.Length > 0 ? $"query {AnswerText.Shown(query)}" : "no query")}, {(asked.Body.IsEmpty ? "no body" : $"a body of {asked.Body.Length} bytes")}";
    }

    /// <summary>The same steps as one object, with the answer as <c>can-i</c> has it.</summary>
    public static JsonObject Json(AccessPolicy policy, OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer) => new()
    {
        ["user"] = caller.User,
        ["who"] = caller.Nobody ?? Roles(policy, caller),
        ["version"] = answer.Request.Version,
        ["refused"] = answer.Request.Refusal?.Message,
        ["objects"] = new JsonArray([.. answer.Worlds[0].Objects.Keys.Select(key => new JsonObject { ["kind"] = key.Kind.ToString().ToLowerInvariant(), ["name"] = key.Name, ["states"] = AnswerJson.Strings(States(answer, key)) })]),
        ["query"] = answer.Request.Query.ToString(),
        ["body_bytes"] = asked.Body.Length,
        ["rules"] = new JsonArray([.. answer.Request.Refusal is null ? caller.Roles.SelectMany(role => Rules(caller, role, asked, answer)).Select(look => new JsonObject
        {
            ["role"] = look.Role.Name,
            ["rule"] = look.Rule.Id,
            ["effect"] = look.Rule.Effect == RuleEffect.Deny ? "deny" : "allow",
            ["on"] = Selectors.Text(look.Rule.On),
            ["says"] = Says(look.Rule, look.Verdict),
            ["and"] = AnswerJson.Strings((look.Verdict.Context?.Refusals.Skip(1) ?? []).Select(refusal => refusal.Detail)),
            ["fields"] = AnswerJson.Strings(look.Verdict.Context is { Unlimited: false } context ? FieldLook.Of(answer.Request, asked.Body, context.RefusedBy) : []),
        }) : []]),
        ["answer"] = AnswerJson.Of(caller, asked, answer),
    };

    private static List<string> States(OfflineAnswer answer, Objects.ObjectReference key) =>
        [.. answer.Worlds.Select(world => world.Objects[key]).Select(found => found is null ? "absent" : found.Owner is null ? "without owner" : $"of {found.Owner}").Distinct()];

    /// <summary>One role by itself, then each of its rules by itself: decided by the evaluator, with the others left out.</summary>
    private static IEnumerable<string> Look(OfflineCaller caller, Role role, OfflineRequest asked, OfflineAnswer answer)
    {
        var rules = Rules(caller, role, asked, answer).ToList();
        yield return $"            role \"{role.Name}\"{(rules.Count == 0 ? $": no rule names {answer.Request.Operation}" : "")}";
        foreach (var (_, rule, verdict) in rules)
        {
            yield return $"              rule \"{rule.Id}\" ({(rule.Effect == RuleEffect.Deny ? "deny" : "allow")}, on {Selectors.Text(rule.On)}): {Says(rule, verdict)}";
            foreach (var more in verdict.Context?.Refusals.Skip(1) ?? [])
            {
                yield return $"                and: {AnswerText.Shown(more.Detail)}";
            }

            if (verdict.Context is { Unlimited: false } context)
            {
                foreach (var line in FieldLook.Of(answer.Request, asked.Body, context.RefusedBy))
                {
                    yield return $"                {line}";
                }
            }
        }
    }

    private static IEnumerable<(Role Role, Rule Rule, Verdict Verdict)> Rules(OfflineCaller caller, Role role, OfflineRequest asked, OfflineAnswer answer)
    {
        var world = answer.Shown;
        return role.Rules.Where(rule => rule.Operations.Contains(answer.Request.Operation!))
            .Select(rule => (role, rule, OfflineDecision.Evaluate(caller with { Roles = [role with { Rules = [rule] }] }, answer.Request, asked.Body, world.Objects, world.HostPathsAreSafe)));
    }

    private static string Says(Rule rule, Verdict verdict) => rule.Effect == RuleEffect.Deny
        ? verdict.Decision.Reason == DenyReason.DeniedByRule ? "denies" : "is not about this object"
        : verdict.Decision.Allowed ? "allows" : $"refuses: {AnswerText.Shown(verdict.Decision.Detail)}";
}
