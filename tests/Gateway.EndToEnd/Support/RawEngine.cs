using System.Net.Sockets;
using System.Text;

namespace Gateway.EndToEnd.Support;

/// <summary>Asks the engine itself, past the gateway, and gives its answer byte by byte.</summary>
internal static class RawEngine
{
    public static async Task<string> SendAsync(GatewayHost host, string method, string target, string? body)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.EngineSocket), limit.Token);
        await socket.SendAsync(Encoding.Latin1.GetBytes(Request(method, target, body)), limit.Token);
        var answer = new StringBuilder();
        var block = new byte[64 << 10];
        int read;
        while ((read = await socket.ReceiveAsync(block, limit.Token)) > 0)
        {
            answer.Append(Encoding.Latin1.GetString(block, 0, read));
        }

        return answer.ToString();
    }

    /// <summary>A request after which the connection ends, and so its answer, whatever its length.</summary>
    public static string Request(string method, string target, string? body)
    {
        var length = body is not null ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n" : method is "POST" or "PUT" ? "Content-Length: 0\r\n" : "";
        return $"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{length}\r\n{body}";
    }
}
