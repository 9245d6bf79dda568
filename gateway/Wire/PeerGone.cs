using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Wire;

/// <summary>
/// Tells a peer that is gone from one that has only ended its input. Over TLS the half-close is close_notify, and the end of the
/// TCP stream is the peer's end. On a Unix socket both look the same to a reader, so poll(2) is asked, from then on.
/// </summary>
internal sealed class PeerGone : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly CancellationTokenSource? gone;
    private readonly CancellationTokenRegistration registration;
    private readonly Lock gate = new();
    private ITimer? timer;
    private bool disposed;

    private PeerGone(CancellationToken closed) => Token = closed;

    private PeerGone(Socket socket, TimeProvider time, CancellationToken inputEnded)
    {
        gone = new CancellationTokenSource();
        Token = gone.Token;
        registration = inputEnded.Register(() => Begin(socket, time));
    }

    public CancellationToken Token { get; }

    public static PeerGone Watch(ConnectionContext context, TimeProvider time) =>
        context.Features.Get<ISslStreamFeature>() is null && context.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket
            ? new PeerGone(socket, time, context.ConnectionClosed)
            : new PeerGone(context.ConnectionClosed);

    public void Dispose()
    {
        registration.Dispose();
        lock (gate)
        {
            disposed = true;
            timer?.Dispose();
        }
    }

    private void Begin(Socket socket, TimeProvider time)
    {
        lock (gate)
        {
            if (!disposed)
            {
                timer = time.CreateTimer(_ => End(socket), null, TimeSpan.Zero, Look);
            }
        }
    }

    private void End(Socket socket)
    {
        if (SocketHangup.Has(socket))
        {
            timer?.Dispose();

            // Never disposed: it holds no timer and no handle.
            gone!.Cancel();
        }
    }
}
