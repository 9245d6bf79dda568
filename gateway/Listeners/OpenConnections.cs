using System.Collections.Concurrent;
using Gateway.Identity;
using Gateway.Trust;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Listeners;

/// <summary>One connection whose handshake is done.</summary>
/// <param name="AcceptedUnder">What was trusted then.</param>
internal sealed record OpenConnection(ConnectionContext Context, ClientCredential Credential, TrustSnapshot AcceptedUnder, DateTimeOffset AcceptedAt);

/// <summary>Every connection whose handshake is done, so that idle ones end too when their holders' rights do.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<string, OpenConnection> connections = new(StringComparer.Ordinal);

    public IEnumerable<OpenConnection> All => connections.Values;

    public int Count => connections.Count;

    /// <summary>Serves the connection and keeps it in the list meanwhile.</summary>
    public async Task KeepAsync(OpenConnection connection, ConnectionDelegate next)
    {
        connections[connection.Context.ConnectionId] = connection;
        try
        {
            await next(connection.Context);
        }
        finally
        {
            connections.TryRemove(connection.Context.ConnectionId, out _);
        }
    }
}
