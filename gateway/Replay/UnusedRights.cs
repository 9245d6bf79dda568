using Gateway.Audit;
using Gateway.Policy;
using Gateway.Policy.Reach;

namespace Gateway.Replay;

/// <summary>
/// Rules, operations and grants that nobody used, by what an audit log shows: candidates for taking away. A grant is used where
/// a recorded call would be refused without it.
/// </summary>
internal static class UnusedRights
{
    private const int MostNamed = 12;

    /// <exception cref="IOException">A log cannot be read.</exception>
    public static IReadOnlyList<Finding> Find(AccessPolicy policy, IReadOnlyList<string> logs, DateTimeOffset since)
    {
        var used = new HashSet<(string Role, string Rule, string Operation)>();
        var grants = policy.Roles.Values.Where(role => role.Grants is not null).ToDictionary(role => role.Name, role => new UnusedGrants(policy, role), StringComparer.Ordinal);
        foreach (var call in AuditFiles.All(logs).SelectMany(AuditLines.Read).Select(line => RecordedCall.Parse(line.Bytes)).OfType<RecordedCall>().Where(c => c is { Allowed: true, Role: not null } && c.Time >= since))
        {
            used.Add((call.Role!, call.Rule ?? "", call.Operation));
            grants.GetValueOrDefault(call.Role!)?.Add(call);
        }

        return [.. policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal).SelectMany(role => Rules(policy, role, used).Concat(Grants(policy, role, grants.GetValueOrDefault(role.Name))))];
    }

    private static IEnumerable<Finding> Rules(AccessPolicy policy, Role role, HashSet<(string Role, string Rule, string Operation)> used)
    {
        foreach (var rule in role.Rules.Where(rule => rule.Effect == RuleEffect.Allow))
        {
            var idle = rule.Operations.Where(operation => !used.Contains((role.Name, rule.Id, operation.Name)) && (role.RootEquivalent || !operation.RootEquivalentOnly)).Select(operation => operation.Name).Order(StringComparer.Ordinal).ToList();
            if (idle.Count == 0)
            {
                continue;
            }

            yield return idle.Count == rule.Operations.Count(operation => role.RootEquivalent || !operation.RootEquivalentOnly)
                ? Note(policy, role, "unused-rule", $"rules.{rule.Id}", $"nobody used rule {rule.Id}", "roles", role.Name, "rules", rule.Id)
                : Note(policy, role, "unused-operations", $"rules.{rule.Id}", $"nobody used {idle.Count} of {rule.Operations.Count} operations of rule {rule.Id}: {Some(idle)}", "roles", role.Name, "rules", rule.Id);
        }
    }

    private static IEnumerable<Finding> Grants(AccessPolicy policy, Role role, UnusedGrants? grants) =>
        (grants?.Left ?? []).Select(left => Note(policy, role, "unused-grant", $"grants.{left.Key} {left.Value}".TrimEnd(), $"nobody used grant {left.Key} {left.Value}".TrimEnd(), ["roles", role.Name, "grants", left.Key, left.Value]));

    private static string Some(List<string> names) =>
        names.Count <= MostNamed ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";

    private static Finding Note(AccessPolicy policy, Role role, string kind, string subject, string title, params string[] path) => new()
    {
        Kind = kind,
        Extent = Extent.Own,
        Weight = Weight.Note,
        Role = role.Name,
        Subject = subject,
        At = policy.Places.Of(path),
        Title = title,
        How = "The audit log shows no request in this time that needed it.",
        Fix = "take it away if it is not kept for rare work",
    };
}
