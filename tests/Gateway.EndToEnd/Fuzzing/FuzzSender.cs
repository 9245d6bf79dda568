using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Sends the bytes of a case as a user, on a connection of its own, and gives what comes back in the time a case has.</summary>
internal sealed class FuzzSender(GatewayHost host) : IDisposable
{
    // A stream that follows never ends: what it shows at once is enough.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan StreamTime = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<string, X509Certificate2> own = new();
    private readonly ConcurrentBag<Task> unanswered = [];
    private readonly X509Certificate2 server = X509Certificate2.CreateFromPem(File.ReadAllText(host.ServerCertificate));

    public async Task<string> SendAsync(string user, string bytes)
    {
        var begun = new TaskCompletionSource();
        var exchange = ExchangeAsync(user, bytes, begun);
        if (await Task.WhenAny(exchange, begun.Task, Task.Delay(AnswerTime)) == exchange || begun.Task.IsCompleted)
        {
            return await exchange;
        }

        unanswered.Add(exchange);
        return "";
    }

    /// <summary>Ends once what got no answer in its time has one: a restart that waits ten seconds for the old process is else the next round's.</summary>
    public async Task SettleAsync()
    {
        await Task.WhenAll(unanswered);
        unanswered.Clear();
    }

    public void Dispose()
    {
        foreach (var certificate in own.Values)
        {
            certificate.Dispose();
        }

        server.Dispose();
    }

    /// <param name="begun">Set with the first byte of an answer.</param>
    private async Task<string> ExchangeAsync(string user, string bytes, TaskCompletionSource begun)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var tcp = new TcpClient { NoDelay = true };
        var answer = new StringBuilder();
        try
        {
            await tcp.ConnectAsync("127.0.0.1", host.Port, limit.Token);
            await using var tls = new SslStream(tcp.GetStream(), false, (_, seen, _, _) => seen?.GetRawCertData().AsSpan().SequenceEqual(server.RawData) == true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [own.GetOrAdd(user, host.Certificate)] }, limit.Token);
            await tls.WriteAsync(Encoding.Latin1.GetBytes(bytes), limit.Token);
            var block = new byte[64 << 10];
            int read;
            while ((read = await tls.ReadAsync(block, limit.Token)) > 0)
            {
                begun.TrySetResult();
                answer.Append(Encoding.Latin1.GetString(block, 0, read));
                limit.CancelAfter(IsWhole(answer.ToString()) ? TimeSpan.FromMilliseconds(1) : StreamTime);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // Cut by the gateway, or by the time.
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var length = head < 0 ? -1 : answer.IndexOf("Content-Length: ", 0, head, StringComparison.OrdinalIgnoreCase);
        return length >= 0 && int.TryParse(answer.AsSpan(length + 16, answer.IndexOf('\r', length) - length - 16), out var bytes) && answer.Length >= head + 4 + bytes;
    }
}
