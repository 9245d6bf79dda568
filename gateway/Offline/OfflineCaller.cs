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

    /// <summary>The user as serve finds it: by the key that its entry pins and the O values of its certificate, or by its account and that one's local groups.</summary>
    public static OfflineCaller Find(AccessPolicy policy, string name, Membership? membership = null) =>
        EffectiveRoles.Find(Identity(policy.Users.GetValueOrDefault(name), name, membership ?? Membership.None), policy) is { } caller
            ? new OfflineCaller(caller)
            : new OfflineCaller(new Caller(name, [], []), $"no user \"{name}\" in the policy");

    /// <summary>A user made up for a test or a question, with roles of the policy.</summary>
    /// <exception cref="KeyNotFoundException">A role is not defined.</exception>
    public static OfflineCaller With(AccessPolicy policy, string name, IEnumerable<string> roles) => new(new Caller(name, [.. roles.Select(role => policy.Roles[role])], []));

    private static ClientIdentity Identity(PolicyUser? user, string name, Membership membership)
    {
        if (membership.UnixGroups.Count == 0)
        {
            return new ClientIdentity(name, membership.Organizations, user?.Spki is { } spki ? new CertificateFacts("", "", spki) : null, "", null);
        }

        var account = user?.Unix ?? name;
        return new ClientIdentity(account, [], null, "", null) { Account = new LocalAccount(SomeUid, account, membership.UnixGroups) };
    }
}
