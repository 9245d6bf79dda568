namespace Gateway.Identity;

/// <summary>What a local account is called, and which of the groups that a policy names it is in. Asked at every request; an error is nobody (threats §6).</summary>
internal static class PeerAccountRules
{
    /// <param name="groups">The local groups that matter.</param>
    public static ClientIdentity Identify(PeerAccount account, IReadOnlyCollection<string> groups, string peer)
    {
        if (account.Refusal is { } refusal)
        {
            return new ClientIdentity(null, [], null, peer, refusal);
        }

        try
        {
            return LocalAccounts.NameOf(account.Uid) is { } name
                ? new ClientIdentity(name, [], null, peer, null) { Account = new LocalAccount(account.Uid, name, [.. groups.Where(group => LocalAccounts.GroupId(group) is { } gid && account.Groups.Contains(gid))]) }
                : new ClientIdentity(null, [], null, peer, $"user id {account.Uid} has no account name of its own on this host");
        }
        catch (IOException e)
        {
            return new ClientIdentity(null, [], null, peer, e.Message);
        }
    }
}
