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
                return [$"yes: {caller.User} may {what} by {string.Join(", or by ", Rules(answer).Select(By))}", .. Assumed(answer)];
            case Outcome.Undecided:
                return [$"undecided: whether {caller.User} may {what} depends on what only the engine or its host knows", .. Conditions(answer), .. Hint(answer)];
            default:
                return [$"no: {caller.User} may not {what}: {decision.Detail}", .. Why(decision), .. Refusals(best), .. Change(caller, asked, answer)];
        }
    }

    /// <summary>What would have to be added for a denial to become a yes; null where policies cannot help.</summary>
    public static SmallestChange? SmallestOf(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer) =>
        answer.Decision.Reason is DenyReason.NotGranted or DenyReason.NoRuleMatched ? SmallestChange.Find(caller, answer.Request, asked.Body, answer.Shown) : null;

    /// <summary>The decisions of each rule that allows: which one does may depend on the object.</summary>
    public static IEnumerable<Decision> Rules(OfflineAnswer answer) => answer.Worlds.Select(world => world.Decision).Where(decision => decision.Allowed).DistinctBy(decision => (decision.Role, decision.Rule));

    public static string By(Decision decision) => $"rule \"{decision.Rule}\" of role \"{decision.Role}\"";

    /// <summary>A text on one line that a terminal can show.</summary>
    public static string Shown(string text) => new([.. text.Take(200).Select(c => char.IsControl(c) ? '?' : c)]);

    /// <summary>What is not known of an image and taken to be as of most: a reserved label of its own would have a container refused.</summary>
    public static IEnumerable<string> Assumed(OfflineAnswer answer) =>
        answer.Request.Operation?.Name == "ContainerCreate" && answer.Shown.Verdict.Context is { Unlimited: false } context
            ? [$"  if the image itself sets no label that is reserved{(context.Grants.Labels.Count > 0 ? $" (but {string.Join(", ", context.Grants.Labels)})" : "")}"]
            : [];

    private static IEnumerable<string> Hint(OfflineAnswer answer) => answer.Worlds.Any(world => world.Objects.Values.Any(found => found is { Kind: not ObjectKind.Image }))
        ? ["  to ask about one of these: --assume mine, other, nobody or absent"]
        : [];

    private static IEnumerable<string> Why(Decision decision) => decision switch
    {
        { Reason: DenyReason.DeniedByRule } => [$"  denied by {By(decision)}"],
        { Rule: { } } => [$"  {By(decision)} allows the operation, with what the role grants"],
        _ => [],
    };

    /// <summary>Every field that was refused, not only the first.</summary>
    private static IEnumerable<string> Refusals(OfflineWorld world) => world.Verdict.Context is { Refusals.Count: > 1 } context
        ? context.Refusals.Select(refusal => $"  - {(refusal.Fields.Count > 0 ? string.Join(", ", refusal.Fields) + ": " : "")}{Shown(refusal.Detail)}")
        : [];

    private static IEnumerable<string> Change(OfflineCaller caller, OfflineRequest asked, OfflineAnswer answer)
    {
        if (SmallestOf(caller, asked, answer) is not { } change)
        {
            return [];
        }

        if (change.NotGrantable.Count == 0)
        {
            return [$"  the smallest addition to role \"{change.Role.Name}\" that would allow it:", .. change.Yaml(answer.Request.Operation!).Select(line => "    " + line), .. Others(answer, change)];
        }

        // One that was said already is not said again.
        var more = change.NotGrantable.Where(refusal => refusal.Detail != answer.Decision.Detail).Select(refusal => $"    - {Shown(refusal.Detail)}").ToList();
        return
        [
            $"  no grant would allow it as it is{(more.Count > 0 ? ":" : "; only a role that says \"root-equivalent: true\" and has no grants is not limited by any")}",
            .. more,
        ];
    }

    private static IEnumerable<string> Others(OfflineAnswer answer, SmallestChange change) =>
        change.NeedsRule && answer.Request.Operation is { PathKind: not (ObjectKind.None or ObjectKind.Image) } operation && operation.Template.Contains('{', StringComparison.Ordinal)
            ? ["  that is for own objects; others' too with on: all, which policy audit then reports"]
            : [];

    /// <summary>For each thing that is not known, which of its possibilities lead to a yes while the others stand best.</summary>
    public static IEnumerable<string> Conditions(OfflineAnswer answer)
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
                yield return $"  - {reference.Kind.ToString().ToLowerInvariant()} \"{Shown(reference.Name)}\": yes if {string.Join(", or ", Shortest(yes))}; no if {string.Join(", or ", Shortest(no.Except(yes).ToList()).DefaultIfEmpty("its labels, name or image do not fit the rule's selector"))}";
            }
        }
    }

    /// <summary>Without those that another one holds: another user's, with whatever it was made.</summary>
    private static IEnumerable<string> Shortest(List<string> states) => states.Where(state => !states.Exists(other => state.Length > other.Length && state.StartsWith(other + " ", StringComparison.Ordinal)));

    private static string State(OfflineWorld world, Objects.ObjectReference reference)
    {
        if (world.Objects[reference] is not { } found)
        {
            return "there is none";
        }

        var owner = found.Owner is null ? "nobody's" : found.Owner.EndsWith(PossibleObjects.Stranger, StringComparison.Ordinal) ? "another user's" : "the caller's";
        var labels = found.Labels.Where(label => label.Key != OwnerLabel.Name).Select(label => $"{label.Key}={label.Value}").ToList();
        var names = found.Kind == ObjectKind.Image && found.ImageNames.Count > 1 ? $" and is {found.ImageNames[^1]} too" : "";
        return owner + names + (labels.Count > 0 ? $" with {string.Join(", ", labels)}" : "") + PossibleInspects.Text(found);
    }
}
