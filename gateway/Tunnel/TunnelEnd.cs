namespace Gateway.Tunnel;

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
