using Gateway.Policy.Files;

namespace Gateway.Policy.Reach;

/// <summary>How far something reaches, from the caller's own containers to the host.</summary>
internal enum Extent
{
    /// <summary>The caller's own objects, and what the grants name.</summary>
    Own,

    /// <summary>Objects of other users.</summary>
    Others,

    /// <summary>The host, but not its root account by itself.</summary>
    Host,

    /// <summary>Root on the host.</summary>
    Root,
}

/// <summary>How a report treats a finding: errors and warnings make the audit fail, notes do not.</summary>
internal enum Weight { Note, Warning, Error }

/// <summary>
/// One thing that the audit found: what gives it, how it is used, what it needs besides, and what to do about it.
/// </summary>
internal sealed record Finding
{
    /// <summary>Stable, in kebab case: <c>bind-socket</c>.</summary>
    public required string Kind { get; init; }

    public required Extent Extent { get; init; }

    public required Weight Weight { get; init; }

    /// <summary>The role that it is about; null for one about a user, a certificate or the host.</summary>
    public string? Role { get; init; }

    public string? User { get; init; }

    /// <summary>What of the role gives it, <c>grants.capabilities SYS_ADMIN</c>: the same wherever in the files it stands.</summary>
    public required string Subject { get; init; }

    public SourcePosition? At { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>The way, step by step in one sentence or two.</summary>
    public required string How { get; init; }

    /// <summary>What has to hold besides the policy; null where nothing has to.</summary>
    public string? Needs { get; init; }

    /// <summary>What to change.</summary>
    public required string Fix { get; init; }

    /// <summary>True where the role says of itself that it is root-equivalent.</summary>
    public bool Accepted { get; init; }
}
