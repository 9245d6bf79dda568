using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Gateway.Audit;
using Gateway.Entitlement;
using Gateway.Listeners;
using Gateway.Tests.Trust.Support;
using Gateway.Trust;
using Gateway.Tunnel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Listeners.Support;

/// <summary>The gateway's listener and the sweep over its connections, before a handler that says "ok": no engine, no decision.</summary>
internal sealed class RunningListener : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly AuditLog audit;

    private RunningListener(WebApplication app, CurrentTrust trust, AuditLog audit, string auditFile) => (this.app, Trust, this.audit, AuditFile) = (app, trust, audit, auditFile);

    public CurrentTrust Trust { get; }

    public string AuditFile { get; }

    public OpenConnections Open => app.Services.GetRequiredService<OpenConnections>();

    public KestrelServerLimits Limits => app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<RunningListener> StartAsync(TrustFolder folder, DateTimeOffset now)
    {
        var load = TrustLoader.Load(folder.Files, null, now);
        var trust = new CurrentTrust(load.Snapshot ?? throw new InvalidOperationException(string.Join('\n', load.Faults)), now);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var time = new StandingClock(now);
        var auditFile = folder.Path("audit.log");
        var audit = AuditLog.Open(auditFile);
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton(trust).AddSingleton(audit).AddSingleton<OpenStreams>();
        builder.AddListeners(new ListenerOptions([new TcpAddress(new IPEndPoint(IPAddress.Loopback, 0))], null), trust, time);
        builder.Services.AddHostedService<EntitlementSweep>();
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("ok"));
        await app.StartAsync();
        return new RunningListener(app, trust, audit, auditFile);
    }

    /// <summary>A handshake as a client; null for no certificate.</summary>
    public async Task<SslStream> ConnectAsync(X509Certificate2? client, Action<X509Certificate>? seen = null, CancellationToken cancellationToken = default)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
        var tls = new SslStream(tcp.GetStream(), false, (_, server, _, _) =>
        {
            seen?.Invoke(server!);
            return server?.Subject == "CN=gateway";
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "gateway",
            ClientCertificateContext = client is null ? null : SslStreamCertificateContext.Create(client, null, offline: true),
        }, cancellationToken);
        return tls;
    }

    /// <summary>One request; the answer's head and body as far as they come at once, empty where the connection ended.</summary>
    public static async Task<string> AskAsync(SslStream tls, CancellationToken cancellationToken)
    {
        await tls.WriteAsync("GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), cancellationToken);
        var answer = new System.Text.StringBuilder();
        var block = new byte[4096];
        while (!answer.ToString().Contains("0\r\n\r\n", StringComparison.Ordinal) && await tls.ReadAsync(block, cancellationToken) is > 0 and var read)
        {
            answer.Append(System.Text.Encoding.ASCII.GetString(block, 0, read));
        }

        return answer.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        audit.Dispose();
    }

    /// <summary>Certificates of the tests are dated around one moment: the gateway's clock stands there. Timers run.</summary>
    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
