using System.Collections.Concurrent;

namespace Gateway.Tunnel;

/// <summary>Every call that is under way now, hijacked or not, so that rights that end, or the program's own end, cut them.</summary>
internal sealed class OpenStreams
{
    private readonly ConcurrentDictionary<OpenStream, bool> streams = new();

    public int Count => streams.Count;

    public IEnumerable<OpenStream> All => streams.Keys;

    /// <summary>Enters a call; disposing it takes it out again.</summary>
    /// <param name="owner">Whatever the caller needs to judge the call again later.</param>
    /// <param name="isLong">It is a stream, not a call that ends by itself soon.</param>
    public OpenStream Open(object owner, bool isLong)
    {
        var stream = new OpenStream(owner, isLong, s => streams.TryRemove(s, out _));
        streams[stream] = true;
        return stream;
    }
}

/// <summary>One call under way and the way to cut it.</summary>
internal sealed class OpenStream(object owner, bool isLong, Action<OpenStream> closed) : IDisposable
{
    // Never disposed: whoever cuts may come just after the end. It holds no timer and no handle.
    private readonly CancellationTokenSource cut = new();

    public object Owner => owner;

    public bool IsLong => isLong;

    public CancellationToken WasCut => cut.Token;

    /// <summary>Who cut it, and why in words; null while nobody has.</summary>
    public TunnelResult? CutBecause { get; private set; }

    public void Cut(TunnelEnd reason, string? detail = null)
    {
        CutBecause ??= new TunnelResult(reason, detail);

        // The rest of what hangs on it runs elsewhere: whoever cuts has others to cut.
        _ = cut.CancelAsync();
    }

    public void Dispose() => closed(this);
}
