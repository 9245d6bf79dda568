using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Files;

/// <summary>
/// Finds users whose name turns a pattern with <c>${user}</c> into names that a role lets everybody run: such a user decides
/// what the others' containers hold (threats.md §3.4, I46). That may be meant, so it is a warning.
/// </summary>
internal static class SharedNames
{
    public static void Warn(AccessPolicy policy, IReadOnlyList<(string User, SourcePosition At)> users, Findings findings)
    {
        var shared = policy.Roles.Values
            .SelectMany(role => role.Grants?.Images ?? [])
            .Where(pattern => !UserVariable.IsIn(pattern))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (user, at) in users)
        {
            var taken = shared.FirstOrDefault(pattern => OwnPrefixes(policy, user).Any(own => Fixed(pattern).StartsWith(own, StringComparison.Ordinal)));
            if (taken is not null) findings.Warn(at, $"user \"{user}\" may replace images that others run: {taken} lies under the user's own-images");
        }
    }

    private static IEnumerable<string> OwnPrefixes(AccessPolicy policy, string user) =>
        from role in policy.Roles.Values
        where !role.RootEquivalent && Holds(policy, user, role.Name)
        from pattern in role.Grants?.OwnImages ?? []
        where UserVariable.IsIn(pattern)
        select Fixed(pattern.Replace(UserVariable.Text, user, StringComparison.Ordinal));

    private static bool Holds(AccessPolicy policy, string user, string role) =>
        (policy.Users.TryGetValue(user, out var entry) && entry.Roles.Contains(role))
        || policy.Groups.Values.Any(group => group.Members.Contains(user) && group.Roles.Contains(role));

    // What stands before the first "*": two patterns of this kind overlap where one begins with the other.
    private static string Fixed(string pattern) => pattern.Split('*')[0];
}
