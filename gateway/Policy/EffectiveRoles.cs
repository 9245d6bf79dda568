using Gateway.Identity;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy;

/// <summary>Which user of the policy a verified caller is, and which roles that user has.</summary>
internal static class EffectiveRoles
{
    /// <returns>Null for nobody.</returns>
    public static Caller? Find(ClientIdentity identity, AccessPolicy policy) =>
        identity.Refusal is not null || identity.Name is not { } name ? null
        : identity.Account is { } account ? ByAccount(account, policy)
        : ByCertificate(identity, name, policy);

    /// <summary>By a pinned key first: an entry with <c>spki</c> needs that key, and wins over the CN. Otherwise by the CN.</summary>
    private static Caller? ByCertificate(ClientIdentity identity, string commonName, AccessPolicy policy)
    {
        var pinned = policy.Users.Values.FirstOrDefault(user => user.Spki is not null && user.Spki == identity.Certificate?.Spki);
        var user = pinned ?? policy.Users.GetValueOrDefault(commonName);
        if (pinned is null && user?.Spki is not null)
        {
            return null;
        }

        var name = user?.Name ?? commonName;
        var groups = policy.Groups.Values.Where(group =>
            group.Members.Contains(name) || (group.Organization is { } organization && identity.Organizations.Contains(organization))).ToList();
        return IsNobody(user, name, groups, policy) ? null : Of(name, user?.Roles ?? [], groups, policy);
    }

    /// <summary>
    /// By the entry with <c>unix</c>; or, for an account that no entry has, by its local groups under its own name. Such a name must
    /// be nobody else's: an entry without <c>unix</c>, or a listed member, is whoever holds that certificate (threats §1, A5).
    /// </summary>
    private static Caller? ByAccount(LocalAccount account, AccessPolicy policy)
    {
        var user = policy.Users.Values.FirstOrDefault(u => u.Unix == account.Name);
        var name = user?.Name ?? account.Name;
        if (user is null && (account.IsRoot || !PolicyName.IsValid(name) || policy.Users.ContainsKey(name) || policy.Groups.Values.Any(group => group.Members.Contains(name))))
        {
            return null;
        }

        var groups = policy.Groups.Values.Where(group => group.Members.Contains(name) || (group.UnixGroup is { } local && account.Groups.Contains(local))).ToList();
        return IsNobody(user, name, groups, policy) ? null : Of(name, user?.Roles ?? [], groups, policy);
    }

    /// <summary>Why whoever identified correctly is nobody to the policy.</summary>
    public static string WhyUnknown(ClientIdentity identity, AccessPolicy policy) => identity.Name is { } name && policy.Groups.ContainsKey(name)
        ? $"\"{name}\" is a group of the policy, and no user has a group's name; an administrator has to issue a certificate with another CN"
        : identity.Unknown;

    /// <summary>A user by name alone, as the policy files list members: where no certificate is at hand (cases, questions to the policy).</summary>
    public static Caller Named(string name, IReadOnlyList<string> roles, AccessPolicy policy) =>
        Of(name, roles, [.. policy.Groups.Values.Where(group => group.Members.Contains(name))], policy);

    /// <summary>True for a user whom the policy itself, not a certificate's O, gives a root-equivalent role.</summary>
    public static bool IsAdministrator(string name, AccessPolicy policy) =>
        Named(name, policy.Users.GetValueOrDefault(name)?.Roles ?? [], policy).Roles.Any(role => role.RootEquivalent);

    // docker.io/${user}/* would be everybody's images for a user called library, and what ${group} stands for a whole group's for one of
    // its name (threats §7).
    private static bool IsNobody(PolicyUser? user, string name, List<PolicyGroup> groups, AccessPolicy policy) =>
        (user is null && groups.Count == 0) || name == "library" || policy.Groups.ContainsKey(name);

    private static Caller Of(string name, IReadOnlyList<string> own, IReadOnlyList<PolicyGroup> groups, AccessPolicy policy) => new(
        name,
        [.. own.Concat(groups.SelectMany(group => group.Roles)).Distinct().Select(role => policy.Roles.GetValueOrDefault(role)).OfType<Role>()],
        [.. groups.Select(group => group.Name)]);
}
