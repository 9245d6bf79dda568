using System.Collections.Concurrent;

namespace Gateway.Tunnel;

/// <summary>Every stream that is open now, so that rights that end, or the program's own end, cut them.</summary>
internal sealed class OpenStreams
{
    private readonly ConcurrentDictionary<OpenStream, bool> streams = new();

    public int Count => streams.Count;

    public IEnumerable<OpenStream> All => streams.Keys;

    /// <summary>Enters a stream; disposing it takes it out again.</summary>
    /// <param name="owner">Whatever the caller needs to judge the stream again later.</param>
    public OpenStream Open(object owner)
    {
        var stream = new OpenStream(owner, s => streams.TryRemove(s, out _));
        streams[stream] = true;
        return stream;
    }
}

/// <summary>One open stream and the way to cut it.</summary>
internal sealed class OpenStream(object owner, Action<OpenStream> closed) : IDisposable
{
    private readonly CancellationTokenSource cut = new();

    public object Owner => owner;

    public CancellationToken WasCut => cut.Token;

    public TunnelEnd? CutBecause { get; private set; }

    public void Cut(TunnelEnd reason)
    {
        CutBecause ??= reason;
        cut.Cancel();
    }

    public void Dispose()
    {
        closed(this);
        cut.Dispose();
    }
}
