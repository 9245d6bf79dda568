namespace Gateway.Listeners;

/// <summary>Where to listen, and who may reach Unix sockets.</summary>
/// <param name="Group">The local group that Unix sockets belong to; null for the gateway's own.</param>
internal sealed record ListenerOptions(IReadOnlyList<ListenerAddress> Addresses, string? Group);
