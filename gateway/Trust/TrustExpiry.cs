namespace Gateway.Trust;

/// <summary>What ends soon, in words: said in the log once, and by <c>gateway status</c>.</summary>
internal static class TrustExpiry
{
    private static readonly TimeSpan ListNotice = TimeSpan.FromDays(1);
    private static readonly TimeSpan CertificateNotice = TimeSpan.FromDays(14);
    private static readonly TimeSpan AuthorityNotice = TimeSpan.FromDays(60);

    /// <summary>What has ended or ends soon.</summary>
    public static IReadOnlyList<string> Soon(TrustSnapshot trust, DateTimeOffset now) => Find(trust, now, 1);

    /// <summary>What has ended.</summary>
    public static IReadOnlyList<string> Ended(TrustSnapshot trust, DateTimeOffset now) => Find(trust, now, 0);

    private static List<string> Find(TrustSnapshot trust, DateTimeOffset now, int notices)
    {
        List<string> soon = [];
        Add("the server's certificate", trust.Server.NotAfter, CertificateNotice, "certs-tool renew server");
        foreach (var authority in trust.Clients.Authorities.All)
        {
            Add($"the CA \"{authority.Name}\"", authority.Certificate.NotAfter.ToUniversalTime(), AuthorityNotice, "certs-tool rotate-ca");
        }

        foreach (var list in trust.Clients.Revoked?.All ?? [])
        {
            Add($"the revocation list of \"{list.Signer.Name}\"", list.NextUpdate, ListNotice, "certs-tool crl");
        }

        return soon;

        void Add(string what, DateTimeOffset end, TimeSpan notice, string command)
        {
            if (end - now < notice * notices)
            {
                soon.Add($"{what} {(end < now ? "ended" : "ends")} at {end:u}; run {command}");
            }
        }
    }
}
