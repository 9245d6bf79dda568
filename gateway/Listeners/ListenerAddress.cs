using System.Globalization;
using System.Net;

namespace Gateway.Listeners;

/// <summary>One <c>-H</c> of <c>serve</c>, in dockerd's forms.</summary>
internal sealed record ListenerAddress(IPEndPoint EndPoint)
{
    public const int DefaultPort = 2376;

    /// <summary>What is valid but doubtful about it, or null.</summary>
    public string? Warning => EndPoint.Port == 2375 ? $"{this}: clients take port 2375 for plain TCP; 2376 is the port for TLS" : null;

    public override string ToString() => $"tcp://{EndPoint}";

    /// <summary>Reads <c>tcp://ADDR:PORT</c>, <c>tcp://ADDR</c> and <c>:PORT</c>.</summary>
    /// <exception cref="FormatException">The text is no such address; the message says what to write.</exception>
    public static ListenerAddress Parse(string text)
    {
        if (text.StartsWith("unix://", StringComparison.Ordinal))
        {
            throw new FormatException(text.StartsWith("unix:///", StringComparison.Ordinal)
                ? $"listener \"{text}\": Unix listeners are not supported yet; use tcp://127.0.0.1:{DefaultPort}"
                : $"listener \"{text}\" has a relative path; did you mean unix:///{text[7..]}?");
        }

        if (text.StartsWith("fd://", StringComparison.Ordinal))
        {
            throw new FormatException($"listener \"{text}\": socket activation is not supported yet; use tcp://127.0.0.1:{DefaultPort}");
        }

        var address = text.StartsWith("tcp://", StringComparison.Ordinal) ? text[6..] : text;
        if (address.StartsWith(':'))
        {
            return new ListenerAddress(new IPEndPoint(IPAddress.IPv6Any, Port(text, address[1..])));
        }

        var colon = address.LastIndexOf(':');
        var hasPort = colon > address.LastIndexOf(']') && (address.StartsWith('[') || address.IndexOf(':', StringComparison.Ordinal) == colon);
        var host = (hasPort ? address[..colon] : address).Trim('[', ']');
        host = host == "localhost" ? "127.0.0.1" : host;
        return IPAddress.TryParse(host, out var ip) && (ip.ToString() == host || host.Contains(':', StringComparison.Ordinal))
            ? new ListenerAddress(new IPEndPoint(ip, hasPort ? Port(text, address[(colon + 1)..]) : DefaultPort))
            : throw new FormatException($"listener \"{text}\" is not tcp://ADDRESS:PORT; an address is numeric, as in tcp://127.0.0.1:{DefaultPort}");
    }

    private static int Port(string text, string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 65535
            ? number
            : throw new FormatException($"listener \"{text}\": \"{port}\" is not a port");
}
