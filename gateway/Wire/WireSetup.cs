using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gateway.Wire;

/// <summary>
/// Puts the strict reading between TLS and Kestrel. Registered innermost: a half-close, which Kestrel answers by closing
/// both directions, then stays in the hands of whoever hijacked the connection.
/// </summary>
internal static class WireSetup
{
    public static void UseWire(this ListenOptions listen, TimeProvider time) =>
        listen.Use(next => context => RunAsync(context, next, time));

    private static async Task RunAsync(ConnectionContext context, ConnectionDelegate next, TimeProvider time)
    {
        var raw = context.Transport;
        var rawClosed = context.ConnectionClosed;
        using var gone = new PeerGone(context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket, time);
        using var connection = new ClientConnection(raw.Input, raw.Output, () => ShutdownOutputAsync(context, raw.Output), () => Reset(context), gone.Watch);
        await using var requests = new RequestStream(raw.Input, connection, time);
        using var registration = rawClosed.Register(connection.Closed);
        context.Features.Set(connection);
        context.Transport = new WireTransport(PipeReader.Create(requests), new AnswerWriter(raw.Output, connection));
        context.ConnectionClosed = connection.ClosedForKestrel;
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = raw;
            context.ConnectionClosed = rawClosed;
        }
    }

    private static async ValueTask ShutdownOutputAsync(ConnectionContext context, PipeWriter output)
    {
        await output.FlushAsync();
        if (context.Features.Get<ISslStreamFeature>() is { } tls)
        {
            // close_notify: without it the client takes the end for a truncation.
            await tls.SslStream.ShutdownAsync();
        }
        else
        {
            context.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Ends the connection at once; what the kernel still holds for the peer is thrown away.</summary>
    private static void Reset(ConnectionContext context)
    {
        try
        {
            context.Features.Get<IConnectionSocketFeature>()?.Socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        context.Abort(new ConnectionAbortedException("the gateway ended the connection"));
    }

    private sealed record WireTransport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
