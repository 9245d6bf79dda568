namespace Gateway.Tunnel;

/// <summary>How the request's stream ended; set once it was one, or once it was cut.</summary>
/// <param name="Detail">Why the gateway cut it.</param>
internal sealed record TunnelResult(TunnelEnd End, string? Detail = null);

/// <summary>How a hijacked stream ended: the side that ended it, or who cut it.</summary>
internal enum TunnelEnd
{
    /// <summary>Each side ended its direction, or the engine hung up.</summary>
    Completed,
    ClientVanished,
    EngineFailed,

    /// <summary>The caller's rights ended: revoked, removed or changed.</summary>
    RightsEnded,
    ShuttingDown,
}
