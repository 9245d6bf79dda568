using System.Security.Cryptography.X509Certificates;

namespace Gateway.Identity;

/// <summary>What one connection proved before its first request: all that identity rests on, again at every request.</summary>
/// <param name="Certificate">The client's certificate as the handshake verified its key; null on a listener without TLS.</param>
/// <param name="Peer">The peer's address, or <c>uid:N</c>, for records.</param>
internal sealed record ClientCredential(X509Certificate2? Certificate, string Peer)
{
    /// <summary>The account that connected to a Unix listener; null on one with TLS.</summary>
    public PeerAccount? Account { get; init; }
}
