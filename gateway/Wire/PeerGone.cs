using System.Net.Sockets;

namespace Gateway.Wire;

/// <summary>
/// Tells a peer that is gone from one that has only ended its input, by poll(2), which says so even while bytes wait to be read that
/// the engine does not take. Over TLS the half-close is close_notify, so that the end of the TCP stream is the peer's end; on a
/// Unix socket it is the hang-up, as the end of the stream is a half-close there.
/// </summary>
internal sealed class PeerGone(Socket socket, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    // Never disposed: it holds no timer and no handle, and a stream may look at it later than the connection ends.
    private readonly CancellationTokenSource gone = new();
    private ITimer? timer;

    /// <summary>Begins to look. Called once, by whoever takes the connection over.</summary>
    public CancellationToken Watch()
    {
        timer = time.CreateTimer(_ => End(), null, TimeSpan.Zero, Look);
        return gone.Token;
    }

    public void Dispose() => timer?.Dispose();

    private void End()
    {
        if (SocketHangup.Has(socket))
        {
            timer?.Dispose();
            gone.Cancel();
        }
    }
}
