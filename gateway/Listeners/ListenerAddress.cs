using System.Globalization;
using System.Net;

namespace Gateway.Listeners;

/// <summary>One <c>-H</c> of <c>serve</c>, in dockerd's forms.</summary>
internal abstract record ListenerAddress
{
    public const int DefaultPort = 2376;

    /// <summary>What is valid but doubtful about it, or null.</summary>
    public virtual string? Warning => null;

    /// <summary>Reads <c>tcp://ADDR:PORT</c>, <c>tcp://ADDR</c>, <c>:PORT</c>, <c>unix:///PATH</c> and <c>fd://</c>.</summary>
    /// <exception cref="FormatException">The text is no such address; the message says what to write.</exception>
    public static ListenerAddress Parse(string text) =>
        text.StartsWith("unix://", StringComparison.Ordinal) ? UnixAddress.Parse(text)
        : text is "fd://" or "fd://*" ? new ActivatedAddress()
        : text.StartsWith("fd://", StringComparison.Ordinal) ? throw new FormatException($"listener \"{text}\": all sockets that systemd passes are taken; write fd://")
        : Tcp(text);

    private static TcpAddress Tcp(string text)
    {
        var address = text.StartsWith("tcp://", StringComparison.Ordinal) ? text[6..] : text;
        if (address.StartsWith(':'))
        {
            return new TcpAddress(new IPEndPoint(IPAddress.IPv6Any, Port(text, address[1..])));
        }

        var colon = address.LastIndexOf(':');
        var hasPort = colon > address.LastIndexOf(']') && (address.StartsWith('[') || address.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = (hasPort ? address[..colon] : address).Trim('[', ']');
        host = host == "localhost" ? "127.0.0.1" : host;
        return IPAddress.TryParse(host, out var ip) && (ip.ToString() == host || host.Contains(':', StringComparison.Ordinal))
            ? new TcpAddress(new IPEndPoint(ip, hasPort ? Port(text, address[(colon + 1)..]) : DefaultPort))
            : throw new FormatException($"listener \"{text}\" is not tcp://ADDRESS:PORT; an address is numeric, as in tcp://127.0.0.1:{DefaultPort}");
    }

    private static int Port(string text, string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
            ? number
            : throw new FormatException($"listener \"{text}\": \"{port}\" is not a port");
}

/// <summary>A TCP port, always with mutual TLS (I59).</summary>
internal sealed record TcpAddress(IPEndPoint EndPoint) : ListenerAddress
{
    public override string? Warning => EndPoint.Port == 2375 ? $"{this}: clients take port 2375 for plain TCP; 2376 is the port for TLS" : null;

    public override string ToString() => $"tcp://{EndPoint}";
}

/// <summary>A socket file; the caller is the local account that connects.</summary>
internal sealed record UnixAddress(string Path) : ListenerAddress
{
    // sun_path of unix(7), without its last NUL.
    private const int MostBytes = 107;

    public override string ToString() => $"unix://{Path}";

    public static new UnixAddress Parse(string text)
    {
        var path = text[7..];
        var problem = !path.StartsWith('/') ? $"has a relative path; did you mean unix:///{path}?"
            : path != System.IO.Path.GetFullPath(path) || path.EndsWith('/') || path.Contains('\0', StringComparison.Ordinal) ? $"is not written plainly; write unix://{System.IO.Path.GetFullPath(path.Replace("\0", "", StringComparison.Ordinal)).TrimEnd('/')}"
            : System.Text.Encoding.UTF8.GetByteCount(path) > MostBytes ? $"is longer than the {MostBytes} bytes that a socket's path may have"
            : null;
        return problem is null ? new UnixAddress(path) : throw new FormatException($"listener \"{text}\" {problem}");
    }
}

/// <summary>The sockets that systemd has opened (sd_listen_fds(3)).</summary>
internal sealed record ActivatedAddress : ListenerAddress
{
    public override string ToString() => "fd://";
}
