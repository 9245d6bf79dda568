using Gateway.Identity;

namespace Gateway.Policy;

/// <summary>Which user of the policy a verified caller is, and which roles that user has.</summary>
internal static class EffectiveRoles
{
    /// <summary>
    /// By a pinned key first: an entry with <c>spki</c> needs that key, and wins over the CN. Otherwise by the CN.
    /// </summary>
    /// <returns>A null user is nobody.</returns>
    public static (string? User, IReadOnlyList<Role> Roles) Find(ClientIdentity identity, AccessPolicy policy)
    {
        // docker.io/${user}/* would be everybody's images for a user of that name.
        if (identity.Refusal is not null || identity.Name is null or "library")
        {
            return (null, []);
        }

        var pinned = policy.Users.Values.FirstOrDefault(user => user.Spki is not null && user.Spki == identity.Certificate?.Spki);
        var user = pinned ?? policy.Users.GetValueOrDefault(identity.Name);
        if (pinned is null && user?.Spki is not null)
        {
            return (null, []);
        }

        var name = user?.Name ?? identity.Name;
        var groups = policy.Groups.Values.Where(group =>
            group.Members.Contains(name) || (group.Organization is { } organization && identity.Organizations.Contains(organization)));
        var roles = (user?.Roles ?? []).Concat(groups.SelectMany(group => group.Roles)).Distinct()
            .Select(role => policy.Roles.GetValueOrDefault(role)).OfType<Role>().ToList();
        return user is null && roles.Count == 0 ? (null, []) : (name, roles);
    }
}
