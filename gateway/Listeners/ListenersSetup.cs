using Gateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Listeners;

/// <summary>What the gateway listens on, and with which certificates.</summary>
internal sealed record ListenerOptions(IReadOnlyList<ListenerAddress> Addresses, ServerTls Tls);

/// <summary>The room's verb: TCP listeners that always demand a client certificate; there is no other kind (I59).</summary>
internal static class ListenersSetup
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    public static void AddListeners(this WebApplicationBuilder builder, ListenerOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;
            kestrel.Limits.KeepAliveTimeout = IdleTimeout;

            // Uploads have no bound here, and a slow reader or writer is nobody's enemy: JSON bodies are bounded where they are read.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            foreach (var address in options.Addresses)
            {
                kestrel.Listen(address.EndPoint, listen => Configure(listen, options.Tls));
            }
        });
    }

    private static void Configure(ListenOptions listen, ServerTls tls)
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new ValueTask<System.Net.Security.SslServerAuthenticationOptions>(tls.Options()),
            HandshakeTimeout = HandshakeTimeout,
        });
        listen.UseWire(TimeProvider.System);
    }
}
