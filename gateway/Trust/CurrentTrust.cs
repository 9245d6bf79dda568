namespace Gateway.Trust;

/// <summary>The snapshot in force. Whoever decides takes it once and decides by that one to the end.</summary>
internal sealed class CurrentTrust(TrustSnapshot first)
{
    private TrustSnapshot now = first;

    public TrustSnapshot Now => Volatile.Read(ref now);

    public void Replace(TrustSnapshot snapshot) => Volatile.Write(ref now, snapshot);
}
