using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gateway.EndToEnd.Support;

/// <summary>Sends bytes as they are, where a client library would tidy them up.</summary>
internal static class RawClient
{
    /// <summary>The whole answer to the bytes, until the gateway closes or a complete answer has come.</summary>
    public static async Task<string> SendAsync(GatewayHost host, string user, string bytes, int? port = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port ?? host.Port, limit.Token);
        using var server = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(host.ServerCertificate, limit.Token));
        await using var tls = new SslStream(tcp.GetStream(), false, (_, seen, _, _) => seen?.GetRawCertData().AsSpan().SequenceEqual(server.RawData) == true);
        using var pem = X509Certificate2.CreateFromPemFile(host.ClientFile(user, "cert.pem"), host.ClientFile(user, "key.pem"));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [pem] }, limit.Token);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(bytes), limit.Token);
        var answer = new StringBuilder();
        var block = new byte[64 << 10];
        int read;
        while (!IsWhole(answer.ToString()) && (read = await ReadAsync(tls, block, limit.Token)) > 0)
        {
            answer.Append(Encoding.Latin1.GetString(block, 0, read));
        }

        return answer.ToString();
    }

    /// <summary>A JSON request with its length, as an ordinary client sends it.</summary>
    public static Task<string> JsonAsync(GatewayHost host, string user, string target, string body, string type = "application/json", int? port = null) =>
        SendAsync(host, user, $"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(body))}", port);

    public static int Status(string answer) => answer.Length > 12 ? int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static async Task<int> ReadAsync(SslStream tls, byte[] block, CancellationToken cancellationToken)
    {
        try
        {
            return await tls.ReadAsync(block, cancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return false;
        }

        var length = answer.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return length is not null && answer.Length >= head + 4 + int.Parse(length.AsSpan(16), System.Globalization.CultureInfo.InvariantCulture);
    }
}
