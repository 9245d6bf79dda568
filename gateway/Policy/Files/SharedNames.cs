using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Files;

/// <summary>
/// Finds users and groups whose name turns a pattern with <c>${user}</c> or <c>${group}</c> into names that a role lets everybody
/// run: these decide what the others' containers hold (threats.md §3.4, I46). That may be meant, so it is a warning.
/// </summary>
internal static class SharedNames
{
    public static void Warn(
        AccessPolicy policy, IReadOnlyList<(string Name, SourcePosition At)> users, IReadOnlyList<(string Name, SourcePosition At)> groups, Findings findings)
    {
        var shared = policy.Roles.Values
            .SelectMany(role => role.Grants?.Images ?? [])
            .Where(pattern => !UserVariable.IsIn(pattern))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (user, at) in users)
        {
            Check("user", user, UserVariable.Text, role => Holds(policy, user, role), at);
        }

        foreach (var (group, at) in groups)
        {
            Check("group", group, UserVariable.Group, role => MayBeHeldInside(policy, policy.Groups.GetValueOrDefault(group), role), at);
        }

        void Check(string kind, string name, string variable, Func<string, bool> isHeld, SourcePosition at)
        {
            var own = policy.Roles.Values.Where(role => !role.RootEquivalent && isHeld(role.Name))
                .SelectMany(role => role.Grants?.OwnImages ?? [])
                .Select(pattern => Fixed(pattern, variable))
                .Where(prefix => prefix.Contains(variable, StringComparison.Ordinal))
                .Select(prefix => prefix.Replace(variable, name, StringComparison.Ordinal))
                .ToList();
            if (shared.FirstOrDefault(pattern => own.Exists(prefix => Fixed(pattern, variable).StartsWith(prefix, StringComparison.Ordinal))) is { } taken)
            {
                findings.Warn(at, $"{kind} \"{name}\" may replace images that others run: {taken} lies under the {kind}'s own-images");
            }
        }
    }

    private static bool Holds(AccessPolicy policy, string user, string role) =>
        (policy.Users.TryGetValue(user, out var entry) && entry.Roles.Contains(role))
        || policy.Groups.Values.Any(group => group.Members.Contains(user) && group.Roles.Contains(role));

    // Whoever's certificate has the organization may hold any other role, too.
    private static bool MayBeHeldInside(AccessPolicy policy, PolicyGroup? group, string role) => group is not null
        && (group.Organization is not null || group.UnixGroup is not null || group.Roles.Contains(role) || group.Members.Any(member => Holds(policy, member, role)));

    // What stands before the first "*" or the other variable: two patterns of this kind overlap where one begins with the other.
    private static string Fixed(string pattern, string variable) => pattern.Split('*')[0].Split(variable == UserVariable.Text ? UserVariable.Group : UserVariable.Text)[0];
}
