namespace Gateway.Identity;

/// <summary>A local account as the host calls it now.</summary>
/// <param name="Groups">Those of the groups that the policy names which it was in when it connected.</param>
internal sealed record LocalAccount(uint Uid, string Name, IReadOnlyList<string> Groups)
{
    public bool IsRoot => Uid == 0;
}
