using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.Ask;

/// <summary>Says in words what an offline decision came to, by which rule, and what would have to change.</summary>
internal static class AnswerText
{
    public static IEnumerable<string> Of(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer)
    {
        var request = answer.Request;
        var what = request.Operation?.Name ?? $"{asked.Method} {Shown(request.RawPath)}";
        var (decision, best) = (answer.Decision, answer.Shown);
        switch (answer.Outcome)
        {
            case Outcome.Allowed:
                return [$"yes: {caller.User} may {what} by {By(decision)}"];
            case Outcome.Undecided:
                return [$"undecided: whether {caller.User} may {what} depends on what only the engine or its host knows", .. Conditions(answer)];
            default:
                return [$"no: {caller.User} may not {what}: {decision.Detail}", .. Why(decision), .. Refusals(best), .. Change(caller, asked, answer, best)];
        }
    }

    public static string By(Decision decision) => $"rule \"{decision.Rule}\" of role \"{decision.Role}\"";

    /// <summary>A text on one line that a terminal can show.</summary>
    public static string Shown(string text) => new([.. text.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);

    private static IEnumerable<string> Why(Decision decision) => decision switch
    {
        { Reason: DenyReason.DeniedByRule } => [$"  denied by {By(decision)}"],
        { Rule: { } } => [$"  {By(decision)} allows the operation, with what the role grants"],
        _ => [],
    };

    /// <summary>Every field that was refused, not only the first.</summary>
    private static IEnumerable<string> Refusals(OfflineWorld world) => world.Verdict.Context is { Refusals.Count: > 0 } context
        ? context.Refusals.Select(refusal => $"  - {(refusal.Fields.Count > 0 ? string.Join(", ", refusal.Fields) + ": " : "")}{Shown(refusal.Detail)}")
        : [];

    private static IEnumerable<string> Change(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer, OfflineWorld world)
    {
        if (answer.Decision.Reason is not (DenyReason.NotGranted or DenyReason.NoRuleMatched))
        {
            return [];
        }

        if (SmallestChange.Find(caller, answer.Request, asked.Body, world) is not { } change)
        {
            return [];
        }

        if (change.NotGrantable.Count == 0)
        {
            return [$"  the smallest addition to role \"{change.Role.Name}\" that would allow it:", .. change.Yaml(answer.Request.Operation!).Select(line => "    " + line)];
        }

        return
        [
            "  no grant would allow it as it is:",
            .. change.NotGrantable.Select(refusal => $"    - {Shown(refusal.Detail)}"),
            "  a role that says \"root-equivalent: true\" and has no grants is not limited by any",
        ];
    }

    /// <summary>For each thing that is not known, which of its possibilities lead to a yes while the others stand best.</summary>
    private static IEnumerable<string> Conditions(OfflineAnswer answer)
    {
        if (!answer.Complete)
        {
            yield return "  the request names more objects than there are possibilities to try";
        }

        if (answer.Worlds.FirstOrDefault(world => world.Decision.Allowed) is not { } allowed)
        {
            yield break;
        }

        yield return $"  it can be allowed by {By(allowed.Decision)}";
        if (answer.Worlds.Any(world => !world.HostPathsAreSafe && !world.Decision.Allowed)
            && answer.Worlds.All(world => world.HostPathsAreSafe || !world.Decision.Allowed))
        {
            yield return "  - yes only if root alone can replace what leads to the bound paths, on the engine's host";
        }

        foreach (var (reference, _) in allowed.Objects)
        {
            var others = answer.Worlds.Where(world => world.HostPathsAreSafe == allowed.HostPathsAreSafe
                && world.Objects.All(o => o.Key == reference || ReferenceEquals(o.Value, allowed.Objects[o.Key])))
                .Select(world => (Yes: world.Decision.Allowed, State: State(world, reference))).ToList();
            var yes = others.Where(o => o.Yes).Select(o => o.State).Distinct().ToList();
            var no = others.Where(o => !o.Yes).Select(o => o.State).Distinct().ToList();
            if (no.Count > 0)
            {
                yield return $"  - {reference.Kind.ToString().ToLowerInvariant()} \"{Shown(reference.Name)}\": yes if {string.Join(", or ", yes)}; no if {string.Join(", or ", no.Except(yes).DefaultIfEmpty("its labels, name or image do not fit the rule's selector"))}";
            }
        }
    }

    private static string State(OfflineWorld world, Objects.ObjectReference reference)
    {
        if (world.Objects[reference] is not { } found)
        {
            return "there is none";
        }

        var owner = found.Owner is null ? "nobody's" : found.Owner.EndsWith(PossibleObjects.Stranger, StringComparison.Ordinal) ? "another user's" : "the caller's";
        var labels = found.Labels.Where(label => label.Key != OwnerLabel.Name).Select(label => $"{label.Key}={label.Value}").ToList();
        return owner + (labels.Count > 0 ? $" with {string.Join(", ", labels)}" : "") + PossibleInspects.Text(found);
    }
}
