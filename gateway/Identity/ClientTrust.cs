namespace Gateway.Identity;

/// <summary>What client certificates are judged against: the CAs, and their revocation lists where any were configured.</summary>
/// <param name="StaleListsRefuse">False for <c>--crl-expired warn</c>: a list past its next update goes on counting.</param>
internal sealed record ClientTrust(ClientAuthorities Authorities, RevocationLists? Revoked, bool StaleListsRefuse);
