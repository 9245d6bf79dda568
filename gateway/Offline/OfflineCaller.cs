using Gateway.Identity;
using Gateway.Policy;

namespace Gateway.Offline;

/// <summary>Somebody who would call: a user's name and the roles that serve would find for it.</summary>
/// <param name="Nobody">Why serve would take the caller for nobody, or null.</param>
internal sealed record OfflineCaller(string User, IReadOnlyList<Role> Roles, string? Nobody = null)
{
    /// <summary>The user as serve finds it, with the key that its entry pins and these O values in its certificate.</summary>
    public static OfflineCaller Find(AccessPolicy policy, string name, IReadOnlyList<string>? organizations = null)
    {
        var certificate = policy.Users.GetValueOrDefault(name)?.Spki is { } spki ? new CertificateFacts("", "", spki) : null;
        var (user, roles) = EffectiveRoles.Find(new ClientIdentity(name, organizations ?? [], certificate, "", null), policy);
        return user is null
            ? new OfflineCaller(name, [], $"no user \"{name}\" in the policy")
            : new OfflineCaller(user, roles);
    }

    /// <summary>A user made up for a test or a question, with roles of the policy.</summary>
    /// <exception cref="KeyNotFoundException">A role is not defined.</exception>
    public static OfflineCaller With(AccessPolicy policy, string name, IEnumerable<string> roles) => new(name, [.. roles.Select(role => policy.Roles[role])]);
}
