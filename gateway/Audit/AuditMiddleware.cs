using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Tunnel;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Audit;

/// <summary>
/// One record a decision, written before anything is forwarded, and one more at a stream's end. A decision that cannot be
/// recorded is a denial (I62).
/// </summary>
internal sealed partial class AuditMiddleware(RequestDelegate next, AuditLog log, TimeProvider time, ILogger<AuditMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var record = Record(context);
        try
        {
            await log.WriteAsync(record);
        }
        catch (AuditWriteException e)
        {
            Log.WriteFailed(logger, e, record.Id);
            context.Features.Set(new Verdict(Decision.Deny(DenyReason.AuditFailed, 503, "the audit log cannot be written, so nothing is allowed; tell an administrator"), null, null));
        }

        await next(context);
        if (record.Decision == "allow" && context.Features.Get<ForwardPlan>() is { } plan)
        {
            var stream = plan.LongAnswer || plan.Upgrade is not null || context.Features.Get<TunnelResult>() is not null;
            if (stream || log.Options.Answers)
            {
                await EndAsync(context, record, stream ? "stream-end" : "answer");
            }
        }
    }

    private async Task EndAsync(HttpContext context, AuditRecord record, string what)
    {
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        var end = context.Features.Get<TunnelResult>();
        var refused = context.Features.Get<LateDenial>()?.Decision;
        try
        {
            await log.WriteAsync(record with
            {
                Event = what,
                Input = null,
                Time = time.GetUtcNow(),
                Decision = refused is null ? record.Decision : "deny",
                Reason = refused is not null ? $"{refused.Reason}: {refused.Detail}" : end is { Detail: { } detail } ? $"{end.End}: {detail}" : end?.End.ToString(),
                Status = connection.IsHijacked ? StatusCodes.Status101SwitchingProtocols : context.Response.StatusCode,
                DurationMs = Elapsed(context),
                BytesIn = connection.BytesIn,
                BytesOut = connection.BytesOut,
            });
        }
        catch (AuditWriteException e)
        {
            Log.WriteFailed(logger, e, record.Id);
        }
    }

    private AuditRecord Record(HttpContext context)
    {
        var identity = context.Features.GetRequiredFeature<ClientIdentity>();
        var request = context.Features.GetRequiredFeature<EngineRequest>();
        var verdict = context.Features.GetRequiredFeature<Verdict>();
        var decision = verdict.Decision;
        var subject = request.Name is { } name && verdict.Context is { } look
            ? look.Find(request.Operation!.PathKind, name)
            : null;
        return new AuditRecord
        {
            Event = "decision",
            Time = time.GetUtcNow(),
            Id = request.Id,
            User = verdict.Context?.User ?? identity.ClaimedName,
            Certificate = identity.Certificate,
            Peer = identity.Peer,
            Operation = request.Operation?.Name,
            Method = request.Method,
            Path = request.RawPath,
            Resource = request.Operation is { } operation && request.Name is not null
                ? new AuditResource(operation.Object.ToString().ToLowerInvariant(), subject?.Id, request.Name, subject?.Owner)
                : null,
            Decision = decision.Allowed ? "allow" : "deny",
            Role = decision.Role,
            Rule = decision.Rule,
            Reason = decision.Allowed ? null : $"{decision.Reason}: {decision.Detail}",
            Fields = decision.Fields,
            Input = request.Operation is null ? null : RecordedInput.Write(identity, request, context.Features.Get<DecisionInputs>(), AuditChain.Options),
            Would = !decision.Allowed && context.Features.Get<WouldBeAllowed>() is not null ? "allow" : null,
            Status = decision.Allowed ? null : decision.Status,
            DurationMs = decision.Allowed ? null : Elapsed(context),
            BytesIn = context.Features.Get<ClientConnection>()?.BytesIn,
        };
    }

    /// <summary>Milliseconds since the request's head was read.</summary>
    private long Elapsed(HttpContext context) => (long)time.GetElapsedTime(context.Features.GetRequiredFeature<RequestStart>().Timestamp).TotalMilliseconds;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Critical, "Record of request \"{RequestId}\" could not be written; the request was refused")]
        public static partial void WriteFailed(ILogger logger, Exception exception, string requestId);
    }
}
