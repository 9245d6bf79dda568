using Gateway.EngineApi;
using Gateway.Policy.Ask;
using Gateway.Policy.Diff;
using Gateway.Policy.Files;

namespace Gateway.Policy.Lint;

/// <summary>Doubtful rules: without effect, covered by others, or about objects that others can choose.</summary>
internal static class RuleLint
{
    private static readonly (string Operation, string Needs, string For)[] Together =
    [
        ("ContainerExec", "ExecStart", "docker exec"),
        ("ExecStart", "ContainerExec", "docker exec"),
        ("ContainerCreate", "ContainerStart", "docker run"),
        ("ContainerAttach", "ContainerWait", "docker run"),
    ];

    public static IEnumerable<LintFinding> Of(Role role, Rule rule, SourcePosition at)
    {
        if (rule.Effect == RuleEffect.Allow)
        {
            return Allow(role, rule, at).Concat(Twins(role, rule, at));
        }

        return Twins(role, rule, at);
    }

    private static IEnumerable<LintFinding> Allow(Role role, Rule rule, SourcePosition at)
    {
        var can = rule.Operations.Where(operation => PolicyEvaluator.Rules(role, operation).Contains(rule)).ToList();
        if (can.Count == 0)
        {
            yield return new(at, "without-effect", $"rule \"{rule.Id}\" allows nothing: its operations are for roles that say \"root-equivalent: true\", or with \"on: all\", only");
            yield break;
        }

        var denied = can.Where(operation => role.Rules.Any(deny => deny.Effect == RuleEffect.Deny && deny.Operations.Contains(operation) && SelectorCover.Denies(deny.On, rule.On))).ToList();
        if (denied.Count == can.Count)
        {
            yield return new(at, "shadowed-by-deny", $"rule \"{rule.Id}\" allows nothing: deny rules of the role are about all of it");
        }

        if (rule.On.Kind is SelectorKind.Label or SelectorKind.Name or SelectorKind.Image && can.Where(Changes).ToList() is { Count: > 0 } changes)
        {
            yield return new(at, "selector-for-changes", $"rule \"{rule.Id}\" lets its users {Few(changes)} what others made {Selectors.Text(rule.On)}: whoever creates a container chooses its {rule.On.Kind.ToString().ToLowerInvariant()}");
        }

        foreach (var (operation, needs, what) in Together)
        {
            if (can.Exists(o => o.Name == operation) && !role.Rules.Any(r => r.Effect == RuleEffect.Allow && r.Operations.Any(o => o.Name == needs)))
            {
                yield return new(at, "incomplete", $"rule \"{rule.Id}\" allows {operation}, but the role not {needs}, which {what} needs too");
            }
        }
    }

    /// <summary>A rule all of which another rule of the same effect says already.</summary>
    private static IEnumerable<LintFinding> Twins(Role role, Rule rule, SourcePosition at)
    {
        var twin = role.Rules.FirstOrDefault(other => other.Id != rule.Id && other.Effect == rule.Effect
            && rule.Operations.All(operation => other.Operations.Contains(operation) && Same(other, rule, operation))
            && (Before(role, other, rule) || !other.Operations.All(operation => rule.Operations.Contains(operation) && Same(rule, other, operation))));
        if (twin is not null)
        {
            yield return new(at, "redundant", $"rule \"{twin.Id}\" says already all that rule \"{rule.Id}\" says");
        }
    }

    private static bool Same(Rule holder, Rule held, EngineOperation operation) => holder.Effect == RuleEffect.Deny
        ? SelectorCover.Denies(holder.On, held.On)
        : SelectorCover.Holds(holder.On, held.On, operation);

    private static bool Before(Role role, Rule first, Rule second) => role.Rules.TakeWhile(rule => rule != second).Contains(first);

    private static bool Changes(EngineOperation operation) => operation.Effect is Effect.Change or Effect.Delete or Effect.Exec && operation.Template.Contains('{', StringComparison.Ordinal);

    private static string Few(List<EngineOperation> operations) =>
        string.Join(", ", operations.Take(3).Select(o => o.Name)) + (operations.Count > 3 ? $" and {operations.Count - 3} more" : "");
}
