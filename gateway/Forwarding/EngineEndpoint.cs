using System.Net.Sockets;

namespace Gateway.Forwarding;

/// <summary>Where the engine listens. Only a local Unix socket: nothing else is root-owned by construction.</summary>
internal sealed record EngineEndpoint(string Path)
{
    private const string Scheme = "unix://";

    /// <summary>As the client's error messages name it.</summary>
    public override string ToString() => Scheme + Path;

    /// <summary>Reads <c>unix:///PATH</c>.</summary>
    /// <exception cref="FormatException">The text is no such address; the message says what to write.</exception>
    public static EngineEndpoint Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new FormatException($"engine address \"{text}\" is not a unix:// address; the gateway reaches an engine by its Unix socket only");
        }

        var path = text[Scheme.Length..];
        return path.StartsWith('/')
            ? new EngineEndpoint(path)
            : throw new FormatException($"engine address \"{text}\" has a relative path; did you mean {Scheme}/{path}?");
    }

    /// <exception cref="EngineUnreachableException">Nothing listens there.</exception>
    public async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path), cancellationToken);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new EngineUnreachableException(this, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
