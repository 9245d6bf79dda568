using Gateway.Identity;
using Gateway.Policy;

namespace Gateway.Trust;

/// <summary>What is trusted now: the policy, the CAs with their revocation lists, the server's own certificate. Immutable, swapped as one.</summary>
internal sealed record TrustSnapshot(AccessPolicy Policy, ClientTrust Clients, ServerCertificate Server)
{
    /// <summary>Who is at the other end, by what counts at that moment.</summary>
    public ClientIdentity Identify(ClientCredential who, DateTimeOffset now) => who switch
    {
        { Certificate: { } certificate } => ClientCertificateRules.Identify(certificate, Clients, now, who.Peer),
        { Account: { } account } => PeerAccountRules.Identify(account, Policy.UnixGroups, who.Peer),
        _ => new ClientIdentity(null, [], null, who.Peer, "no client certificate"),
    };
}
