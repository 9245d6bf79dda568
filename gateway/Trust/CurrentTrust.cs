namespace Gateway.Trust;

/// <summary>How the last reading of the files ended.</summary>
/// <param name="Count">Readings since the start.</param>
/// <param name="Faulty">Those of them that found a fault.</param>
internal sealed record ReloadState(DateTimeOffset At, IReadOnlyList<string> Faults, long Count, long Faulty);

/// <summary>The snapshot in force. Whoever decides takes it once and decides by that one to the end.</summary>
internal sealed class CurrentTrust(TrustSnapshot first, DateTimeOffset at)
{
    private TrustSnapshot now = first;
    private ReloadState last = new(at, [], 0, 0);

    /// <summary>Called on the thread that replaced it, once the new one is in force.</summary>
    public event Action<TrustSnapshot>? Replaced;

    public TrustSnapshot Now => Volatile.Read(ref now);

    public ReloadState Last => Volatile.Read(ref last);

    public void Replace(TrustSnapshot snapshot)
    {
        Volatile.Write(ref now, snapshot);
        Replaced?.Invoke(snapshot);
    }

    public void Report(DateTimeOffset at, IReadOnlyList<string> faults) =>
        Volatile.Write(ref last, new ReloadState(at, faults, last.Count + 1, last.Faulty + (faults.Count > 0 ? 1 : 0)));
}
