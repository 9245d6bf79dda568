using Gateway.Policy.Files;

namespace Gateway.Policy;

/// <summary>All policy files of one folder, merged and validated: an immutable snapshot that decisions are made on.</summary>
internal sealed record AccessPolicy(
    IReadOnlyDictionary<string, Role> Roles,
    IReadOnlyDictionary<string, PolicyUser> Users,
    IReadOnlyDictionary<string, PolicyGroup> Groups)
{
    public static AccessPolicy Empty { get; } = new(
        new Dictionary<string, Role>(), new Dictionary<string, PolicyUser>(), new Dictionary<string, PolicyGroup>());

    /// <summary>The local groups that make members.</summary>
    public IReadOnlyCollection<string> UnixGroups { get; } = [.. Groups.Values.Select(group => group.UnixGroup).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Where its parts stand in the files.</summary>
    public PolicyPlaces Places { get; init; } = new();
}

/// <summary>One entry of <c>users:</c>.</summary>
/// <param name="Roles">Names of roles, in the file's order.</param>
/// <param name="Spki">The pinned public key, <c>sha256:…</c>; that key wins over the certificate's CN.</param>
internal sealed record PolicyUser(string Name, IReadOnlyList<string> Roles, string? Spki)
{
    /// <summary>The local account that is this user on a Unix listener; null where none is.</summary>
    public string? Unix { get; init; }
}

/// <summary>One entry of <c>groups:</c>: members are listed, carry the organization in their certificate, or are in the local group.</summary>
internal sealed record PolicyGroup(string Name, IReadOnlyList<string> Roles, string? Organization, IReadOnlyList<string> Members)
{
    /// <summary>The local group whose accounts are members on a Unix listener; null where none is.</summary>
    public string? UnixGroup { get; init; }
}
