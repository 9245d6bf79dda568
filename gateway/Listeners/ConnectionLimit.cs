using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Listeners;

/// <summary>Bounds the connections of one peer, those in their handshake included (threats §8). The rest is closed without a byte.</summary>
internal sealed class ConnectionLimit
{
    public const int Total = 8192;
    public const int PerPeer = 2048;
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <param name="peer">The peer's address, or its account.</param>
    public async Task GuardAsync(ConnectionContext context, string peer, ConnectionDelegate next)
    {
        try
        {
            if (counts.AddOrUpdate(peer, 1, (_, count) => count + 1) <= PerPeer)
            {
                await next(context);
            }
        }
        finally
        {
            // Zero is taken out, so that peers do not pile up.
            counts.AddOrUpdate(peer, 0, (_, count) => count - 1);
            counts.TryRemove(KeyValuePair.Create(peer, 0));
        }
    }
}
