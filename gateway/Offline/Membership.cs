namespace Gateway.Offline;

/// <summary>What makes a caller a member of groups beside being listed: O values of a certificate, or local groups of an account. Nobody comes with both.</summary>
internal sealed record Membership(IReadOnlyList<string> Organizations, IReadOnlyList<string> UnixGroups)
{
    public static Membership None { get; } = new([], []);

    public bool IsNone => Organizations.Count + UnixGroups.Count == 0;

    /// <summary>Behind a name; empty for none.</summary>
    public override string ToString() =>
        Organizations.Count > 0 ? $" with O={string.Join(" and O=", Organizations)}"
        : UnixGroups.Count > 0 ? $" with local group {string.Join(" and ", UnixGroups)}"
        : "";
}
