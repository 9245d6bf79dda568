using Gateway.Identity;

namespace Gateway.Policy;

/// <summary>Which user of the policy a verified caller is, and which roles that user has.</summary>
internal static class EffectiveRoles
{
    /// <summary>
    /// By a pinned key first: an entry with <c>spki</c> needs that key, and wins over the CN. Otherwise by the CN.
    /// </summary>
    /// <returns>Null for nobody.</returns>
    public static Caller? Find(ClientIdentity identity, AccessPolicy policy)
    {
        // docker.io/${user}/* would be everybody's images for a user of that name.
        if (identity.Refusal is not null || identity.Name is null or "library")
        {
            return null;
        }

        var pinned = policy.Users.Values.FirstOrDefault(user => user.Spki is not null && user.Spki == identity.Certificate?.Spki);
        var user = pinned ?? policy.Users.GetValueOrDefault(identity.Name);
        if (pinned is null && user?.Spki is not null)
        {
            return null;
        }

        var name = user?.Name ?? identity.Name;
        var groups = policy.Groups.Values.Where(group =>
            group.Members.Contains(name) || (group.Organization is { } organization && identity.Organizations.Contains(organization))).ToList();
        return user is null && groups.Count == 0 ? null : Of(name, user?.Roles ?? [], groups, policy);
    }

    /// <summary>A user by name alone, as the policy files list members: where no certificate is at hand (cases, questions to the policy).</summary>
    public static Caller Named(string name, IReadOnlyList<string> roles, AccessPolicy policy) =>
        Of(name, roles, [.. policy.Groups.Values.Where(group => group.Members.Contains(name))], policy);

    /// <summary>True for a user whom the policy itself, not a certificate's O, gives a root-equivalent role.</summary>
    public static bool IsAdministrator(string name, AccessPolicy policy) =>
        Named(name, policy.Users.GetValueOrDefault(name)?.Roles ?? [], policy).Roles.Any(role => role.RootEquivalent);

    private static Caller Of(string name, IReadOnlyList<string> own, IReadOnlyList<PolicyGroup> groups, AccessPolicy policy) => new(
        name,
        [.. own.Concat(groups.SelectMany(group => group.Roles)).Distinct().Select(role => policy.Roles.GetValueOrDefault(role)).OfType<Role>()],
        [.. groups.Select(group => group.Name)]);
}
