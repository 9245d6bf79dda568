using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Listeners;

/// <summary>Bounds the connections of one peer address, those in their handshake included (threats §8). The rest is closed without a byte.</summary>
internal sealed class ConnectionLimit
{
    public const int Total = 8192;
    public const int PerAddress = 2048;
    private readonly ConcurrentDictionary<IPAddress, int> counts = new();

    public async Task GuardAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var address = (context.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        try
        {
            if (counts.AddOrUpdate(address, 1, (_, count) => count + 1) <= PerAddress)
            {
                await next(context);
            }
        }
        finally
        {
            // Zero is taken out, so that addresses do not pile up.
            counts.AddOrUpdate(address, 0, (_, count) => count - 1);
            counts.TryRemove(KeyValuePair.Create(address, 0));
        }
    }
}
