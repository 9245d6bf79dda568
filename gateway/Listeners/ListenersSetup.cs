using System.Net.Security;
using System.Net.Sockets;
using Gateway.Identity;
using Gateway.Trust;
using Gateway.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Listeners;

/// <summary>The room's verb: TCP listeners, which always demand a client certificate (I59), and Unix ones, where the kernel says who connects.</summary>
internal static class ListenersSetup
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(2);

    public static void AddListeners(this WebApplicationBuilder builder, ListenerOptions options, CurrentTrust trust, TimeProvider time)
    {
        var setup = new Connections(trust, new OpenConnections(), new ConnectionLimit(), time);
        builder.Services.AddSingleton(setup.Open);
        builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint
            ? UnixSocket.Bind(new UnixAddress(endPoint.ToString()!), options.Group)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
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
            foreach (var address in options.Addresses)
            {
                Listen(kestrel, address, setup);
            }
        });
    }

    private static void Listen(KestrelServerOptions kestrel, ListenerAddress address, Connections setup)
    {
        switch (address)
        {
            case TcpAddress tcp:
                kestrel.Listen(tcp.EndPoint, setup.OverTls);
                break;
            case UnixAddress unix:
                kestrel.ListenUnixSocket(unix.Path, setup.OfLocalAccounts);
                break;
            case ActivatedAddress:
                foreach (var (descriptor, isTcp) in ActivatedSockets.Take())
                {
                    kestrel.ListenHandle(descriptor, isTcp ? setup.OverTls : setup.OfLocalAccounts);
                }

                break;
            default:
                throw new InvalidOperationException($"no listener for {address}");
        }
    }

    /// <summary>What is done with a connection before its first request.</summary>
    private sealed record Connections(CurrentTrust Trust, OpenConnections Open, ConnectionLimit Limit, TimeProvider Time)
    {
        public void OverTls(ListenOptions listen)
        {
            Guard(listen, context => (context.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString() ?? "?");
            listen.Use(next => context =>
            {
                KeepAlive.Begin(SocketOf(context));
                return next(context);
            });
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                // Certificate and trust of one handshake come from one snapshot, never mixed.
                OnConnection = handshake =>
                {
                    var now = Trust.Now;
                    return new ValueTask<SslServerAuthenticationOptions>(ServerTls.Options(now.Server, now.Clients.Authorities));
                },
                HandshakeTimeout = HandshakeTimeout,
            });
            Serve(listen, context => new ClientCredential(context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, context.RemoteEndPoint?.ToString() ?? "?"));
        }

        public void OfLocalAccounts(ListenOptions listen)
        {
            Guard(listen, context => $"uid:{HostFiles.SocketPeer.Of(SocketOf(context)).Uid}");
            Serve(listen, context =>
            {
                var account = PeerAccount.Of(SocketOf(context));
                return new ClientCredential(null, $"uid:{account.Uid}") { Account = account };
            });
        }

        private static Socket SocketOf(ConnectionContext context) => context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;

        private void Guard(ListenOptions listen, Func<ConnectionContext, string> peer)
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => context => Limit.GuardAsync(context, peer(context), next));
        }

        private void Serve(ListenOptions listen, Func<ConnectionContext, ClientCredential> identify)
        {
            listen.Use(next => context => Open.KeepAsync(Accept(context, identify(context)), next));
            listen.UseWire(Time);
        }

        private OpenConnection Accept(ConnectionContext context, ClientCredential credential)
        {
            context.Features.Set(credential);
            return new OpenConnection(context, credential, Trust.Now, Time.GetUtcNow());
        }
    }
}
