namespace Gateway.Policy;

/// <summary>Who a verified peer is to the policy.</summary>
/// <param name="User">Owner of what is own; compared ordinally, exact.</param>
/// <param name="Roles">The user's own and the groups', each once.</param>
/// <param name="Groups">Names of the policy's groups that the user is in: what <c>${group}</c> stands for.</param>
internal sealed record Caller(string User, IReadOnlyList<Role> Roles, IReadOnlyList<string> Groups)
{
    /// <summary>
    /// The texts that a grant's pattern stands for: the user's name for <c>${user}</c>, and one text for each of the user's
    /// groups for <c>${group}</c>; none where there is no group. A group called library would have everybody's images.
    /// </summary>
    public IEnumerable<string> Expand(string pattern)
    {
        var named = pattern.Replace("${user}", User, StringComparison.Ordinal);
        return named.Contains("${group}", StringComparison.Ordinal)
            ? Groups.Where(group => group != "library").Select(group => named.Replace("${group}", group, StringComparison.Ordinal))
            : [named];
    }
}
