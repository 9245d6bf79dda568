using System.Security.Cryptography.X509Certificates;

namespace Gateway.Identity;

/// <summary>What one connection proved before its first request: all that identity rests on, again at every request.</summary>
/// <param name="Certificate">The client's certificate as the handshake verified its key; null on a listener without TLS.</param>
/// <param name="Peer">The peer's address, for records.</param>
internal sealed record ClientCredential(X509Certificate2? Certificate, string Peer);
