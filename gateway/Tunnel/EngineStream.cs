using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Gateway.Forwarding;
using Gateway.Wire;

namespace Gateway.Tunnel;

/// <summary>
/// One raw connection to the engine that a hijack request was written to. YARP 2.3 re-adds Upgrade for websocket and SPDY only,
/// while the engine's hijack asks for <c>tcp</c> or <c>h2c</c>: hence a connection of our own.
/// </summary>
internal sealed class EngineStream : IAsyncDisposable
{
    private readonly Socket socket;

    private EngineStream(Socket socket, NetworkStream stream)
    {
        this.socket = socket;
        Output = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
    }

    public PipeReader Input { get; }

    public Stream Output { get; }

    /// <summary>True once the engine has closed both directions.</summary>
    public bool HungUp => SocketHangup.Has(socket);

    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    public static async Task<EngineStream> OpenAsync(EngineEndpoint endpoint, ForwardPlan plan, CancellationToken cancellationToken)
    {
        var socket = await endpoint.ConnectAsync(cancellationToken);
        var stream = new EngineStream(socket, new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.Output.WriteAsync(Head(plan), cancellationToken);
            if (plan.Body is { } body)
            {
                await stream.Output.WriteAsync(body, cancellationToken);
            }

            return stream;
        }
        catch (IOException e)
        {
            await stream.DisposeAsync();
            throw new EngineUnreachableException(endpoint, e);
        }
    }

    /// <summary>Tells the engine that the caller's input has ended; its output goes on.</summary>
    public void ShutdownSend()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The engine has closed already: it knows.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.DisposeAsync();
    }

    private static byte[] Head(ForwardPlan plan)
    {
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{plan.Method} {plan.Target} HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: {plan.Upgrade}\r\n");
        foreach (var (name, value) in plan.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (plan.Body is { } body)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {plan.ContentType}\r\nContent-Length: {body.Length}\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
