using System.Security.Cryptography;
using Gateway.Audit;
using Gateway.Listeners;
using Gateway.Trust;
using Gateway.Tunnel;
using Gateway.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Entitlement;

/// <summary>
/// Judges every open call and every idle connection again as soon as what is trusted changes, and as time passes the end of a
/// certificate or of a revocation list. Whoever is not entitled any more is cut; nobody else notices (I53).
/// </summary>
internal sealed partial class EntitlementSweep(
    CurrentTrust current, OpenStreams streams, OpenConnections connections, AuditLog audit, TimeProvider time, ILogger<EntitlementSweep> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly Lock one = new();
    private ITimer? timer;
    private DateTimeOffset swept = time.GetUtcNow();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        current.Replaced += Sweep;
        timer = time.CreateTimer(_ => SweepIfDue(), null, Look, Look);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        current.Replaced -= Sweep;
        return Task.CompletedTask;
    }

    public void Dispose() => timer?.Dispose();

    private void SweepIfDue()
    {
        var (since, now, trust) = (swept, time.GetUtcNow(), current.Now);
        bool Passed(DateTime end) => Between(end.ToUniversalTime());
        bool Between(DateTimeOffset end) => end >= since && end < now;
        if ((trust.Clients.Revoked is { } lists && Between(lists.NextUpdate))
            || trust.Clients.Authorities.All.Any(a => Passed(a.Certificate.NotAfter))
            || connections.All.Any(c => c.Credential.Certificate is { } certificate && Passed(certificate.NotAfter)))
        {
            Sweep(trust);
        }

        swept = now;
    }

    private void Sweep(TrustSnapshot trust)
    {
        lock (one)
        {
            var now = time.GetUtcNow();
            foreach (var stream in streams.All)
            {
                if (stream is { CutBecause: null, Owner: EntitledCall call } && Why(() => Judgement.WhyEnded(trust, call, now)) is { } why)
                {
                    stream.Cut(TunnelEnd.RightsEnded, why);
                    Log.Ended(logger, call.Call.Context.User, call.Call.Request.Operation!.Name, why);
                }
            }

            foreach (var connection in connections.All)
            {
                EndIdle(connection, trust, now);
            }
        }
    }

    /// <summary>A connection that was nobody's from the start is left to its first request, which is told so.</summary>
    private void EndIdle(OpenConnection connection, TrustSnapshot trust, DateTimeOffset now)
    {
        if (Why(() => Judgement.WhyNobody(trust, connection.Credential, now)) is { } why
            && Why(() => Judgement.WhyNobody(connection.AcceptedUnder, connection.Credential, connection.AcceptedAt)) is null
            && connection.Context.Features.Get<ClientConnection>()?.EndWhenIdle() == true)
        {
            var identity = trust.Identify(connection.Credential, now);
            Log.IdleEnded(logger, identity.Peer, why);
            _ = RecordAsync(new AuditRecord
            {
                Event = "connection-end",
                Time = now,
                Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
                User = identity.ClaimedName,
                Certificate = identity.Certificate,
                Peer = identity.Peer,
                Decision = "deny",
                Reason = $"{TunnelEnd.RightsEnded}: {why}",
            });
        }
    }

    /// <summary>An error while judging ends the call: it is a denial, as it is for a new request.</summary>
    private string? Why(Func<string?> judge)
    {
        try
        {
            return judge();
        }
        catch (Exception e)
        {
            Log.JudgementFailed(logger, e);
            return "whether it may go on could not be decided";
        }
    }

    private async Task RecordAsync(AuditRecord record)
    {
        try
        {
            await audit.WriteAsync(record);
        }
        catch (AuditWriteException e)
        {
            Log.RecordFailed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "ended {Operation} of user \"{User}\": {Reason}")]
        public static partial void Ended(ILogger logger, string user, string operation, string reason);

        [LoggerMessage(2, LogLevel.Information, "ended the idle connection of {Peer}: {Reason}")]
        public static partial void IdleEnded(ILogger logger, string peer, string reason);

        [LoggerMessage(3, LogLevel.Error, "a call could not be judged again")]
        public static partial void JudgementFailed(ILogger logger, Exception exception);

        [LoggerMessage(4, LogLevel.Critical, "the record of an ended connection could not be written")]
        public static partial void RecordFailed(ILogger logger, Exception exception);
    }
}
