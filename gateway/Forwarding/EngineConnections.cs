using System.Net;
using System.Net.Sockets;

namespace Gateway.Forwarding;

/// <summary>The pooled connections to the engine's socket. Streams have a pool of their own, so that a thousand followers leave <c>stop</c> working.</summary>
internal sealed class EngineConnections(EngineEndpoint endpoint) : IDisposable
{
    // Each user has a share of these that is much smaller (LimitsMiddleware), so that one who fills it leaves the rest.
    internal const int PlainConnections = 128;

    /// <summary>For calls that end by themselves.</summary>
    public HttpMessageInvoker Plain { get; } = new(Create(endpoint, PlainConnections));

    /// <summary>For logs, events, builds, pulls and whatever else goes on for long.</summary>
    public HttpMessageInvoker Streams { get; } = new(Create(endpoint, int.MaxValue));

    public EngineEndpoint Endpoint => endpoint;

    public void Dispose()
    {
        Plain.Dispose();
        Streams.Dispose();
    }

    private static SocketsHttpHandler Create(EngineEndpoint endpoint, int connections) => new()
    {
        ConnectCallback = async (_, cancellationToken) => new NetworkStream(await endpoint.ConnectAsync(cancellationToken), ownsSocket: true),

        // Nothing of the environment (HTTP_PROXY) or of an answer (redirects, cookies, encodings) changes what is sent.
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = connections,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        MaxResponseHeadersLength = 64,
    };
}
