using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Reading;

internal sealed record Answer(int Status, string Body);

/// <summary>The engine's API past the gateway, and through it as the administrator, whom no grant limits.</summary>
internal sealed class TwoWays : IDisposable
{
    private readonly string version;

    public TwoWays(GatewayHost host)
    {
        version = host.Kind == "debian" ? "/v1.41" : "/v1.51";
        Direct = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host.EngineSocket), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new Uri("http://docker") };

        using var pem = X509Certificate2.CreateFromPemFile(host.ClientFile("boss", "cert.pem"), host.ClientFile("boss", "key.pem"));
        Through = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)],

                // This test is about bodies; others verify the server's certificate.
                RemoteCertificateValidationCallback = (_, seen, _, _) => seen is not null,
            },
        })
        { BaseAddress = new Uri($"https://127.0.0.1:{host.Port}") };
    }

    public int Api => version == "/v1.41" ? 41 : 51;

    public HttpClient Direct { get; }

    public HttpClient Through { get; }

    public async Task<Answer> SendAsync(HttpClient way, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(version + path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var response = await way.SendAsync(request, limit.Token);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(limit.Token));
    }

    public void Dispose()
    {
        Direct.Dispose();
        Through.Dispose();
    }
}
