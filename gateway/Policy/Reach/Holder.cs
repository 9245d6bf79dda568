using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Reach;

/// <summary>Who holds roles.</summary>
/// <param name="IsGroup">A group whose members are not all listed: its certificates decide who they are.</param>
/// <param name="Groups">What <c>${group}</c> stands for.</param>
internal sealed record Holder(string Name, IReadOnlyList<string> Roles, bool IsGroup, IReadOnlyList<string> Groups)
{
    /// <summary>The texts that a grant's pattern stands for; none where that is up to a certificate's name.</summary>
    public IEnumerable<string> Expand(string pattern) =>
        IsGroup && pattern.Contains(UserVariable.Text, StringComparison.Ordinal) ? [] : new Caller(Name, [], Groups).Expand(pattern);
}
