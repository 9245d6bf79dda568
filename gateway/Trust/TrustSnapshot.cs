using Gateway.Identity;
using Gateway.Policy;

namespace Gateway.Trust;

/// <summary>What is trusted now: the policy and the revocation list. Immutable, swapped as one.</summary>
internal sealed record TrustSnapshot(AccessPolicy Policy, RevocationList? Revoked);
