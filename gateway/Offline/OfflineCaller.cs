using Gateway.Identity;
using Gateway.Policy;

namespace Gateway.Offline;

/// <summary>Somebody who would call: who that is to serve.</summary>
/// <param name="Nobody">Why serve would take the caller for nobody, or null.</param>
internal sealed record OfflineCaller(Caller Caller, string? Nobody = null)
{
    // Any but root's.
    private const uint SomeUid = 1000;

    public string User => Caller.User;

    public IReadOnlyList<Role> Roles
    {
        get => Caller.Roles;
        init => Caller = Caller with { Roles = value };
    }

    /// <summary>The user as serve finds it, with the key that its entry pins and these O values in its certificate.</summary>
    public static OfflineCaller Find(AccessPolicy policy, string name, IReadOnlyList<string>? organizations = null)
    {
        var certificate = policy.Users.GetValueOrDefault(name)?.Spki is { } spki ? new CertificateFacts("", "", spki) : null;
        return EffectiveRoles.Find(new ClientIdentity(name, organizations ?? [], certificate, "", null), policy) is { } caller
            ? new OfflineCaller(caller)
            : new OfflineCaller(new Caller(name, [], []), $"no user \"{name}\" in the policy");
    }

    /// <summary>The user as serve finds it by what its certificate or its account brings along.</summary>
    public static OfflineCaller Find(AccessPolicy policy, string name, Membership membership)
    {
        if (membership.UnixGroups.Count == 0)
        {
            return Find(policy, name, membership.Organizations);
        }

        var account = new LocalAccount(SomeUid, policy.Users.GetValueOrDefault(name)?.Unix ?? name, membership.UnixGroups);
        return EffectiveRoles.Find(new ClientIdentity(account.Name, [], null, "", null) { Account = account }, policy) is { } caller
            ? new OfflineCaller(caller)
            : new OfflineCaller(new Caller(name, [], []), $"no user of the policy is the local account \"{account.Name}\"");
    }

    /// <summary>A user made up for a test or a question, with roles of the policy.</summary>
    /// <exception cref="KeyNotFoundException">A role is not defined.</exception>
    public static OfflineCaller With(AccessPolicy policy, string name, IEnumerable<string> roles) => new(new Caller(name, [.. roles.Select(role => policy.Roles[role])], []));
}
