using Gateway.EngineApi;
using Gateway.Entitlement;
using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Limits;
using Gateway.Policy;
using Gateway.Trust;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Requests;

/// <summary>
/// Who asks, what, on what and with what: leaves <see cref="ClientIdentity"/>, <see cref="EngineRequest"/>, <see cref="Verdict"/>
/// and, where it allows, the <see cref="ForwardPlan"/>. Answers nothing. An error while deciding is a denial.
/// </summary>
internal sealed partial class DecisionMiddleware(
    RequestDelegate next, CurrentTrust current, FactGatherer gatherer, WiderLook wider, PlanWriter plans, RequestRates rates, UserSlots slots, TimeProvider time, ILogger<DecisionMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        var trust = current.Now;
        var identity = trust.Identify(context.Features.GetRequiredFeature<ClientCredential>(), time.GetUtcNow());
        var request = RequestReader.Read(connection.Head);
        context.Features.Set(new RequestStart(time.GetTimestamp()));
        context.Features.Set(identity);
        context.Features.Set(request);
        var verdict = await DecideAsync(context, trust, identity, request);
        context.Features.Set(verdict);
        if (context.Features.Get<ForwardPlan>()?.Upgrade is null)
        {
            connection.Decided();
        }

        await next(context);
    }

    private async Task<Verdict> DecideAsync(HttpContext context, TrustSnapshot trust, ClientIdentity identity, EngineRequest request)
    {
        try
        {
            return await EvaluateAsync(context, trust, identity, request);
        }
        catch (RequestRefusedException e)
        {
            return Refused(e);
        }
        catch (EngineUnreachableException e)
        {
            return new Verdict(Decision.Deny(DenyReason.EngineUnreachable, 503, e.Message), null, null);
        }
        catch (EngineRefusedException e)
        {
            return new Verdict(Decision.Deny(DenyReason.NotFound, e.Status, EngineError.Message(e.Body) ?? "the engine refuses"), null, null);
        }
        catch (EngineAnswerException e)
        {
            Log.EngineAnswerUnreadable(logger, e, request.Id);
            return new Verdict(Decision.Deny(DenyReason.EngineAnswerUnreadable, 502, "the engine's answer cannot be read"), null, null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.RequestAborted.IsCancellationRequested)
        {
            Log.EvaluationFailed(logger, e, request.Id);
            return new Verdict(Decision.Deny(DenyReason.EvaluationFailed, 500, "the request could not be decided"), null, null);
        }
    }

    private async Task<Verdict> EvaluateAsync(HttpContext context, TrustSnapshot trust, ClientIdentity identity, EngineRequest request)
    {
        if (EffectiveRoles.Find(identity, trust.Policy) is not { } caller)
        {
            var why = identity.Refusal ?? EffectiveRoles.WhyUnknown(identity, trust.Policy);
            return new Verdict(Decision.Deny(identity.Refusal is null ? DenyReason.UnknownUser : DenyReason.Unidentified, 403, why), null, null);
        }

        if (rates.Take(caller.User, caller.Roles, request.Operation) is { } tooMany)
        {
            return new Verdict(tooMany, null, null);
        }

        if (request.Refusal is { } refusal)
        {
            return Refused(refusal);
        }

        if (PolicyEvaluator.Preview(caller, request) is { } denied)
        {
            await wider.TakeAsync(context, trust.Policy, caller, request);
            return new Verdict(denied, null, null);
        }

        var body = await RequestReader.ReadBodyAsync(context, request, token => slots.EnterLongBodyAsync(caller.User, token));
        var facts = await gatherer.GatherAsync(trust.Policy, caller, request, body, context.RequestAborted);
        context.Features.Set(new DecisionInputs(body, facts));
        var verdict = PolicyEvaluator.Decide(caller, request, body, facts);
        if (verdict.Decision.Allowed)
        {
            context.Features.Set(plans.Write(request, verdict));
            context.Features.Set(new DecidedCall(trust, request, body, facts.Objects, verdict.Context!));
        }
        else
        {
            await wider.TakeAsync(context, trust.Policy, caller, request);
        }

        return verdict;
    }

    /// <summary>The denial of a request that could not be read.</summary>
    public static Verdict Refused(RequestRefusedException refusal)
    {
        var reason = refusal.Status switch
        {
            404 => DenyReason.UnknownOperation,
            413 => DenyReason.BodyTooLarge,
            415 => DenyReason.UnsupportedMediaType,
            _ => DenyReason.MalformedRequest,
        };
        return new Verdict(Decision.Deny(reason, refusal.Status, refusal.Message, refusal.Field is { } field ? [field] : []), null, null);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request \"{RequestId}\" could not be decided")]
        public static partial void EvaluationFailed(ILogger logger, Exception exception, string requestId);

        [LoggerMessage(2, LogLevel.Error, "Request \"{RequestId}\": the engine's answer could not be read")]
        public static partial void EngineAnswerUnreadable(ILogger logger, Exception exception, string requestId);
    }
}
