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

    /// <summary>Where its parts stand in the files.</summary>
    public PolicyPlaces Places { get; init; } = new();
}

/// <summary>One entry of <c>users:</c>.</summary>
/// <param name="Roles">Names of roles, in the file's order.</param>
/// <param name="Spki">The pinned public key, <c>sha256:…</c>; that key wins over the certificate's CN.</param>
internal sealed record PolicyUser(string Name, IReadOnlyList<string> Roles, string? Spki);

/// <summary>One entry of <c>groups:</c>: members are listed, or carry the organization in their certificate.</summary>
internal sealed record PolicyGroup(string Name, IReadOnlyList<string> Roles, string? Organization, IReadOnlyList<string> Members);
