using System.Net.Security;
using Gateway.Identity;
using Gateway.Trust;
using Gateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Listeners;

/// <summary>The room's verb: TCP listeners that always demand a client certificate; there is no other kind (I59).</summary>
internal static class ListenersSetup
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    public static void AddListeners(this WebApplicationBuilder builder, IReadOnlyList<ListenerAddress> addresses, CurrentTrust trust, TimeProvider time)
    {
        var (open, limit) = (new OpenConnections(), new ConnectionLimit());
        builder.Services.AddSingleton(open);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;
            kestrel.Limits.MaxConcurrentConnections = ConnectionLimit.Total;

            // Uploads have no bound here, and a slow reader or writer is nobody's enemy: JSON bodies are bounded where they are read.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var address in addresses)
            {
                kestrel.Listen(address.EndPoint, listen => Configure(listen, trust, open, limit, time));
            }
        });
    }

    private static void Configure(ListenOptions listen, CurrentTrust trust, OpenConnections open, ConnectionLimit limit, TimeProvider time)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => context => limit.GuardAsync(context, next));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            // Certificate and trust of one handshake come from one snapshot, never mixed.
            OnConnection = handshake =>
            {
                var now = trust.Now;
                return new ValueTask<SslServerAuthenticationOptions>(ServerTls.Options(now.Server, now.Clients.Authorities));
            },
            HandshakeTimeout = HandshakeTimeout,
        });
        listen.Use(next => context => open.KeepAsync(Accept(context, trust.Now, time.GetUtcNow()), next));
        listen.UseWire(time);
    }

    private static OpenConnection Accept(ConnectionContext context, TrustSnapshot trust, DateTimeOffset now)
    {
        var credential = new ClientCredential(context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, context.RemoteEndPoint?.ToString() ?? "?");
        context.Features.Set(credential);
        return new OpenConnection(context, credential, trust, now);
    }
}
