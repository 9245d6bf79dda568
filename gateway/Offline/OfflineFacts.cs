using Gateway.Objects;

namespace Gateway.Offline;

/// <summary>Whose the objects are that a request names.</summary>
internal enum AssumedOwner
{
    /// <summary>Only the engine could tell: every possibility is tried.</summary>
    Unknown,

    /// <summary>The caller's.</summary>
    Mine,

    /// <summary>Another user's.</summary>
    Other,

    /// <summary>Without an owner: made past the gateway.</summary>
    Nobody,

    /// <summary>There is no such object.</summary>
    Absent,
}

/// <summary>What is assumed in place of asking an engine and its host.</summary>
internal sealed record OfflineFacts
{
    public AssumedOwner Objects { get; init; }

    /// <summary>Whether every bound path of the host can be replaced by root alone; null where only the host could tell.</summary>
    public bool? HostPathsAreSafe { get; init; }

    /// <summary>Objects that are known, an absent one as null; these go before <see cref="Objects"/>.</summary>
    public IReadOnlyDictionary<ObjectReference, EngineObject?> Known { get; init; } = new Dictionary<ObjectReference, EngineObject?>();
}
