using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.Testing;

/// <summary>Something of the policies that a case should hold to its word.</summary>
/// <param name="Path">Where it stands: <c>roles developer rules look</c>.</param>
internal sealed record CoverageItem(string Role, string Name, IReadOnlyList<string> Path);

/// <summary>
/// Which rules and grants no case touches. Touched is what makes a difference: without the rule, or without that value of the
/// grant, some case would be decided otherwise, or by another rule. A quota or a rate is touched by a case that it would count.
/// </summary>
internal sealed record Coverage(IReadOnlyList<CoverageItem> Covered, IReadOnlyList<CoverageItem> Uncovered)
{
    /// <summary>In whole percent, rounded down; 100 where there is nothing to cover.</summary>
    public int Percent => Covered.Count + Uncovered.Count == 0 ? 100 : 100 * Covered.Count / (Covered.Count + Uncovered.Count);

    public static Coverage Of(AccessPolicy policy, IReadOnlyList<CaseOutcome> outcomes)
    {
        var callers = outcomes.Select(outcome => (Outcome: outcome, Caller: CaseRun.Caller(outcome.Case, policy))).ToList();
        var counted = policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .SelectMany(role => Bounds(role).Select(bound => (Item: new CoverageItem(role.Name, bound.Name, ["roles", role.Name, .. bound.Name.Split(' ')]), Covered: outcomes.Any(outcome => outcome.Decision.Role == role.Name && bound.Counts(outcome)))));
        var items = policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .SelectMany(role => Items(role).Select(item => (item.Item, role, item.Without)))
            .AsParallel().AsOrdered()
            .Select(item => (item.Item, Covered: callers.Exists(entry => MakesADifference(entry.Outcome, entry.Caller, item.role, item.Without(item.role)))))
            .AsEnumerable().Concat(counted)
            .ToList();

        // A limit has two ways to matter; one is enough.
        var covered = items.Where(i => i.Covered).Select(i => i.Item).DistinctBy(item => (item.Role, item.Name)).ToList();
        var uncovered = items.Where(i => !i.Covered).Select(i => i.Item).DistinctBy(item => (item.Role, item.Name)).Where(item => !covered.Exists(c => c.Role == item.Role && c.Name == item.Name)).ToList();
        return new Coverage(covered, uncovered);
    }

    private static IEnumerable<(CoverageItem Item, Func<Role, Role> Without)> Items(Role role) =>
        role.Rules.Select(rule => (new CoverageItem(role.Name, $"rule {rule.Id}", ["roles", role.Name, "rules", rule.Id]), (Func<Role, Role>)(r => r with { Rules = [.. r.Rules.Where(other => other.Id != rule.Id)] })))
            .Concat(role.Grants is null ? [] : GrantPieces.Of(role.Grants).Select(piece => (
                new CoverageItem(role.Name, $"grant {piece.Name}", piece.Item is { } number ? ["roles", role.Name, "grants", piece.Key, $"{number}"] : ["roles", role.Name, "grants", piece.Key]),
                (Func<Role, Role>)(r => r with { Grants = piece.Without(r.Grants!) }))));

    private static IEnumerable<(string Name, Func<CaseOutcome, bool> Counts)> Bounds(Role role)
    {
        static Func<CaseOutcome, bool> Makes(params string[] operations) => outcome => outcome.Decision.Allowed && operations.Contains(outcome.Operation?.Name);
        (string Name, bool Given, Func<CaseOutcome, bool> Counts)[] bounds =
        [
            ("quota containers", role.Quota?.Containers is not null, Makes("ContainerCreate")),
            ("quota memory", role.Quota?.Memory is not null, Makes("ContainerCreate", "ContainerUpdate")),
            ("quota cpus", role.Quota?.Cpus is not null, Makes("ContainerCreate", "ContainerUpdate")),
            ("quota volumes", role.Quota?.Volumes is not null, Makes("VolumeCreate", "ContainerCreate")),
            ("quota networks", role.Quota?.Networks is not null, Makes("NetworkCreate")),
            ("quota streams", role.Quota?.Streams is not null, outcome => outcome.Decision.Allowed && outcome.Operation is { Stream: not StreamKind.None }),
            ("rate", role.Rate is not null, _ => true),
        ];
        return bounds.Where(bound => bound.Given).Select(bound => (bound.Name, bound.Counts));
    }

    private static bool MakesADifference(CaseOutcome outcome, OfflineCaller caller, Role role, Role without)
    {
        if (!caller.Roles.Contains(role))
        {
            return false;
        }

        var decision = CaseRun.Decide(outcome.Case, caller with { Roles = [.. caller.Roles.Select(other => ReferenceEquals(other, role) ? without : other)] });
        return decision.Allowed != outcome.Decision.Allowed || decision.Rule != outcome.Decision.Rule || decision.Reason != outcome.Decision.Reason;
    }
}
