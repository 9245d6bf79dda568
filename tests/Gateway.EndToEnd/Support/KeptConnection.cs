using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.EndToEnd.Support;

/// <summary>One user's connection that many requests go through, one after the other; made anew where the gateway closed it.</summary>
internal sealed class KeptConnection(GatewayHost host, string user) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private TcpClient? tcp;
    private X509Certificate2? own;
    private X509Certificate2? server;
    private SslStream? tls;

    /// <summary>The answer to the bytes, chunks and all.</summary>
    public async Task<string> SendAsync(string bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        if (tls is null)
        {
            await ConnectAsync(limit.Token);
        }

        await tls!.WriteAsync(Encoding.Latin1.GetBytes(bytes), limit.Token);
        var answer = new StringBuilder();
        var block = new byte[64 << 10];
        var head = bytes.StartsWith("HEAD ", StringComparison.Ordinal);
        while (!IsWhole(answer, head))
        {
            var read = await tls.ReadAsync(block, limit.Token);
            if (read == 0)
            {
                await DisposeAsync();
                return answer.ToString();
            }

            answer.Append(Encoding.Latin1.GetString(block, 0, read));
        }

        if (answer.ToString().Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase))
        {
            await DisposeAsync();
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (tls is not null)
        {
            await tls.DisposeAsync();
            tls = null;
        }

        tcp?.Dispose();
        own?.Dispose();
        server?.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", host.Port, cancellationToken);
        server = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(host.ServerCertificate, cancellationToken));
        tls = new SslStream(tcp.GetStream(), false, (_, seen, _, _) => seen?.GetRawCertData().AsSpan().SequenceEqual(server!.RawData) == true);
        own = X509Certificate2.CreateFromPemFile(host.ClientFile(user, "cert.pem"), host.ClientFile(user, "key.pem"));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [own] }, cancellationToken);
    }

    private static bool IsWhole(StringBuilder received, bool headOnly)
    {
        var answer = received.ToString();
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head >= 0 && answer.StartsWith("HTTP/1.1 100 ", StringComparison.Ordinal))
        {
            received.Remove(0, head + 4);
            return IsWhole(received, headOnly);
        }

        if (head < 0 || headOnly)
        {
            return head >= 0;
        }

        var heads = answer[..(head + 2)];
        if (heads.Contains("\r\nTransfer-Encoding: chunked\r\n", StringComparison.OrdinalIgnoreCase))
        {
            return answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        }

        var length = heads.IndexOf("\r\nContent-Length: ", StringComparison.OrdinalIgnoreCase);
        return length < 0
            ? heads.StartsWith("HTTP/1.1 204", StringComparison.Ordinal) || heads.StartsWith("HTTP/1.1 304", StringComparison.Ordinal)
            : answer.Length >= head + 4 + int.Parse(heads.AsSpan(length + 18, heads.IndexOf('\r', length + 18) - length - 18), CultureInfo.InvariantCulture);
    }
}
