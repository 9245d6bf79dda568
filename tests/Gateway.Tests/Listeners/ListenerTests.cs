using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Listeners;
using Gateway.Tests.Identity.Support;
using Gateway.Tests.Listeners.Support;
using Gateway.Tests.Trust.Support;
using Gateway.Trust;
using Xunit;

namespace Gateway.Tests.Listeners;

/// <summary>Real handshakes with the real listener: who gets through, and what a reload does to those who are connected.</summary>
public sealed class ListenerTests : IAsyncLifetime
{
    // Certificates of the tests are dated around it.
    private static readonly DateTimeOffset Then = TestAuthority.Now;
    private readonly TrustFolder folder = new();
    private RunningListener listener = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => listener = await RunningListener.StartAsync(folder, Then);

    public async ValueTask DisposeAsync()
    {
        await listener.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task ServesAClientOfTheAuthority()
    {
        await using var tls = await listener.ConnectAsync(Client(folder.Authority), cancellationToken: Token);

        Assert.Contains("ok", await RunningListener.AskAsync(tls, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProbesAClientThatSaysNothing()
    {
        await using var tls = await listener.ConnectAsync(Client(folder.Authority), cancellationToken: Token);
        await RunningListener.AskAsync(tls, Token);

        var socket = Assert.Single(listener.Open.All).Context.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionSocketFeature>()!.Socket;

        Assert.Equal(1, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(30, socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
    }

    [Fact]
    public Task I55_EndsTheHandshakeWithoutCertificate() => Ends(null);

    [Fact]
    public async Task I59_AnswersNobodyWhoSpeaksNoTls()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, listener.Port, Token);
        await tcp.GetStream().WriteAsync("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Token);

        // A record of TLS says why, or nothing does.
        var answer = new byte[64];
        var read = await tcp.GetStream().ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Token);

        Assert.DoesNotContain("HTTP", System.Text.Encoding.Latin1.GetString(answer, 0, read), StringComparison.Ordinal);
        Assert.DoesNotContain("ok", System.Text.Encoding.Latin1.GetString(answer, 0, read), StringComparison.Ordinal);
    }

    /// <summary>Neither a slow writer nor a slow reader is cut off by the web server.</summary>
    [Fact]
    public void I54_HasNoLeastRateOfBytes()
    {
        var limits = listener.Limits;

        Assert.Null(limits.MinRequestBodyDataRate);
        Assert.Null(limits.MinResponseDataRate);
    }

    [Fact]
    public Task EndsTheHandshakeOfAStrangersClient() => Ends(Client(TestAuthority.Create()));

    [Fact]
    public Task EndsTheHandshakeBelowAnIntermediateThatTheClientSendsAlong()
    {
        var middle = TestAuthority.Create("CN=Middle", folder.Authority);
        return Ends(Client(middle), middle.Certificate);
    }

    [Fact]
    public Task EndsTheHandshakeBelowAnotherClientsCertificate()
    {
        var alice = TestAuthority.Create("CN=alice", folder.Authority, isAuthority: false);
        return Ends(Client(alice), alice.Certificate);
    }

    [Fact]
    public async Task LetsARevokedClientThroughTheHandshakeToBeToldWhy()
    {
        using var client = Client(folder.Authority);
        folder.WriteList(folder.Authority.List(client));
        listener.Trust.Replace(Reload());
        await using var tls = await listener.ConnectAsync(client, cancellationToken: Token);

        Assert.Contains("ok", await RunningListener.AskAsync(tls, Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x0301)]
    [InlineData(0x0302)]
    public async Task RefusesOldTls(int version)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, listener.Port, Token);
        var stream = tcp.GetStream();
        byte[] hello = [(byte)(version >> 8), (byte)version, .. RandomNumberGenerator.GetBytes(32), 0, 0, 4, 0xc0, 0x13, 0x00, 0x2f, 1, 0];
        await stream.WriteAsync((byte[])[22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello], Token);
        var answer = new byte[7];
        var read = await ReadAsync(stream, answer);

        // An alert, or nothing; never a handshake message.
        Assert.True(read == 0 || answer[0] == 21, Convert.ToHexString(answer));
    }

    [Fact]
    public async Task EndsAnIdleConnectionWithCloseNotifyWhenItsHolderIsRevoked()
    {
        using var client = Client(folder.Authority);
        using var other = Client(folder.Authority, "bob");
        folder.WritePolicy(TrustFolder.OneUser + "  bob: {roles: [looker]}\n");
        listener.Trust.Replace(Reload());
        await using var tls = await listener.ConnectAsync(client, cancellationToken: Token);
        await using var others = await listener.ConnectAsync(other, cancellationToken: Token);
        await RunningListener.AskAsync(tls, Token);
        folder.WriteList(folder.Authority.List(client));
        listener.Trust.Replace(Reload());

        // SslStream says 0 at a close_notify, and throws where the connection just ends.
        Assert.Equal(0, await tls.ReadAsync(new byte[1], Token));
        Assert.Contains("ok", await RunningListener.AskAsync(others, Token), StringComparison.Ordinal);
        Assert.Contains("\"connection-end\"", await File.ReadAllTextAsync(listener.AuditFile, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShowsEachHandshakeTheOldOrTheNewCertificateWhileTheyAreExchanged()
    {
        using var client = Client(folder.Authority);
        var first = listener.Trust.Now;
        folder.WriteServer(TestAuthority.NewKey());
        var second = Reload();
        var known = new[] { first, second }.Select(s => s.Server.Context.TargetCertificate.Thumbprint).ToHashSet();
        using var stop = new CancellationTokenSource();
        var exchange = Task.Run(() =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                listener.Trust.Replace(i % 2 == 0 ? second : first);
            }
        }, Token);
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (_, token) =>
        {
            await using var tls = await listener.ConnectAsync(client, server => seen.Add(server.GetCertHashString()), token);
            Assert.Contains("ok", await RunningListener.AskAsync(tls, token), StringComparison.Ordinal);
        });
        await stop.CancelAsync();
        await exchange;

        Assert.Equal(40, seen.Count);
        Assert.Subset(known, seen.ToHashSet());
    }

    [Fact]
    public async Task I56_OffersNoResumption()
    {
        using var client = Client(folder.Authority);
        var (pem, session) = (folder.Path("client.pem"), folder.Path("session"));
        await File.WriteAllTextAsync(pem, client.ExportCertificatePem() + "\n" + ((AsymmetricAlgorithm)client.GetECDsaPrivateKey()!).ExportPkcs8PrivateKeyPem(), Token);
        foreach (var version in (string[])["-tls1_2", "-tls1_3"])
        {
            var first = await OpenSsl(pem, version, "-sess_out", session);
            Assert.Contains("HTTP/1.1 200", first, StringComparison.Ordinal);
            if (File.Exists(session))
            {
                Assert.DoesNotContain("Reused", await OpenSsl(pem, version, "-sess_in", session), StringComparison.Ordinal);
                File.Delete(session);
            }
        }
    }

    [Fact]
    public async Task EndsAConnectionThatRenegotiates()
    {
        using var client = Client(folder.Authority);
        var pem = folder.Path("client.pem");
        await File.WriteAllTextAsync(pem, client.ExportCertificatePem() + "\n" + ((AsymmetricAlgorithm)client.GetECDsaPrivateKey()!).ExportPkcs8PrivateKeyPem(), Token);

        using var process = Start(pem, "-tls1_2");
        await process.StandardInput.WriteAsync("R\n");
        await process.StandardInput.FlushAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        try
        {
            // Its input stays open: it ends only because the gateway does.
            await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        }
        finally
        {
            process.Kill();
        }

        Assert.Contains("RENEGOTIATING", await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BoundsTheConnectionsOfOnePeer()
    {
        var limit = new ConnectionLimit();
        var (served, gate) = (0, new TaskCompletionSource());
        Task Serve(Microsoft.AspNetCore.Connections.ConnectionContext _)
        {
            Interlocked.Increment(ref served);
            return gate.Task;
        }

        var many = Enumerable.Range(0, ConnectionLimit.PerPeer + 5).Select(_ => limit.GuardAsync(Connection, "192.0.2.1", Serve)).ToList();
        var another = limit.GuardAsync(Connection, "192.0.2.2", Serve);
        Assert.Equal(ConnectionLimit.PerPeer + 1, served);
        gate.SetResult();
        await Task.WhenAll([.. many, another]);
        await limit.GuardAsync(Connection, "192.0.2.1", Serve);

        Assert.Equal(ConnectionLimit.PerPeer + 2, served);
    }

    private static Microsoft.AspNetCore.Connections.DefaultConnectionContext Connection => new();

    private TrustSnapshot Reload() => TrustLoader.Load(folder.Files, listener.Trust.Now, Then) is { Faults.Count: 0 } load ? load.Snapshot! : throw new InvalidOperationException("the folder is not whole");

    private static X509Certificate2 Client(TestAuthority authority, string name = "alice")
    {
        var pair = TestAuthority.NewKey();
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Org.BouncyCastle.Pkcs.PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetDerEncoded(), out _);
        using var issued = authority.Issue(CertificateDraft.Client(name) with { Key = pair });
        return issued.CopyWithPrivateKey(key);
    }

    private async Task Ends(X509Certificate2? client, params X509Certificate2[] along)
    {
        var context = client is null ? null : SslStreamCertificateContext.Create(client, [.. along], offline: true);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, listener.Port, Token);
        await using var tls = new SslStream(tcp.GetStream(), false, (_, server, _, _) => server?.Subject == "CN=gateway");

        // With TLS 1.3 the client is told after its own side of the handshake: at the first read.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "gateway", ClientCertificateContext = context }, Token);
            Assert.Equal("", await RunningListener.AskAsync(tls, Token));
            throw new IOException("ended");
        });
    }

    private async Task<string> OpenSsl(string pem, params string[] options)
    {
        using var process = Start(pem, ["-ign_eof", .. options]);
        await process.StandardInput.WriteAsync("GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return await output;
    }

    private Process Start(string pem, params string[] options) => Process.Start(new ProcessStartInfo(
        "openssl", ["s_client", "-connect", $"127.0.0.1:{listener.Port}", "-cert", pem, "-key", pem, .. options])
    { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static async Task<int> ReadAsync(NetworkStream stream, byte[] answer)
    {
        try
        {
            return await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, Token);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
