using Gateway.Forwarding;
using Gateway.Listeners;
using Gateway.Objects;
using Gateway.Requests;
using Gateway.Trust;
using Gateway.Tunnel;

namespace Gateway.Status;

/// <summary>Looks at this gateway and its engine.</summary>
internal sealed class StatusReader(
    CurrentTrust trust, EngineEndpoint endpoint, EngineClient engine, OpenStreams streams, OpenConnections connections, IReadOnlyList<ListenerAddress> addresses, LearnedUsers learned, TimeProvider time)
{
    private static readonly TimeSpan EngineTimeout = TimeSpan.FromSeconds(3);
    private readonly DateTimeOffset since = time.GetUtcNow();

    public ReloadState Reloads => trust.Last;

    public int OpenStreams => streams.All.Count(stream => stream.IsLong);

    public int OpenConnections => connections.Count;

    public static IReadOnlyList<Expiry> Expiries(TrustSnapshot trust) =>
    [
        new("server", "server", trust.Server.NotAfter),
        .. trust.Clients.Authorities.All.Select(a => new Expiry("ca", a.Name, a.Certificate.NotAfter.ToUniversalTime())),
        .. trust.Clients.Revoked?.All.Select(list => new Expiry("crl", list.Signer.Name, list.NextUpdate)) ?? [],
    ];

    public async Task<StatusReport> ReadAsync(CancellationToken cancellationToken)
    {
        var (now, current, last) = (time.GetUtcNow(), trust.Now, trust.Last);
        var state = await EngineAsync(cancellationToken);
        var ended = TrustExpiry.Soon(current, now);
        List<string> problems = [.. last.Faults];
        if (!state.Answers)
        {
            problems.Add($"the engine does not answer at {state.Address}");
        }

        problems.AddRange(TrustExpiry.Ended(current, now));
        return new StatusReport(
            Environment.ProcessId, since, [.. addresses.Select(a => a.ToString())], state, current.Policy.Users.Count, current.Clients.Revoked?.Count ?? 0,
            Expiries(current), last.At, OpenStreams, OpenConnections, learned.Names, problems, [.. ended.Except(problems)]);
    }

    public async Task<EngineState> EngineAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EngineTimeout);
        try
        {
            var answer = await engine.GetAsync("/version", limit.Token);
            return new EngineState(endpoint.ToString(), answer is not null, answer is { } version ? Json.String(version, "Version") : null);
        }
        catch (Exception e) when (e is EngineUnreachableException or EngineAnswerException or OperationCanceledException)
        {
            return new EngineState(endpoint.ToString(), false, null);
        }
    }
}
