using Gateway.EngineApi;
using Gateway.Entitlement;
using Gateway.Forwarding;
using Gateway.HostFiles;
using Gateway.Identity;
using Gateway.Limits;
using Gateway.Objects;
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
    RequestDelegate next, CurrentTrust current, ObjectResolver resolver, PlanWriter plans, HostPathLookup hostPaths, RequestRates rates, TimeProvider time, ILogger<DecisionMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        var trust = current.Now;
        var identity = trust.Identify(context.Features.GetRequiredFeature<ClientCredential>(), time.GetUtcNow());
        var request = RequestReader.Read(connection.Head);
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
        var (user, roles) = EffectiveRoles.Find(identity, trust.Policy);
        if (user is null)
        {
            var why = identity.Refusal ?? $"no user \"{identity.Name}\" in the policy; an administrator has to add one";
            return new Verdict(Decision.Deny(identity.Refusal is null ? DenyReason.UnknownUser : DenyReason.Unidentified, 403, why), null, null);
        }

        if (rates.Take(user, roles, request.Operation) is { } tooMany)
        {
            return new Verdict(tooMany, null, null);
        }

        if (request.Refusal is { } refusal)
        {
            return Refused(refusal);
        }

        if (PolicyEvaluator.Preview(roles, request) is { } denied)
        {
            return new Verdict(denied, null, null);
        }

        var body = await RequestReader.ReadBodyAsync(context, request);
        var objects = await resolver.FindAllAsync(RequestReferences.Of(request, body), context.RequestAborted);
        context.Features.Set(new DecisionInputs(body, objects));
        var paths = await hostPaths.LookAsync(RequestHostPaths.Of(user, roles, request, body, objects), context.RequestAborted);
        var verdict = PolicyEvaluator.Decide(user, roles, request, body, objects, paths);
        if (verdict.Decision.Allowed && await RejoinAsync(user, verdict, request, objects, context.RequestAborted) is { } late)
        {
            return new Verdict(late, verdict.Context, null);
        }

        if (verdict.Decision.Allowed)
        {
            context.Features.Set(plans.Write(request, verdict, objects));
            context.Features.Set(new DecidedCall(trust, request, body, objects, verdict.Context!));
        }

        return verdict;
    }

    /// <summary>
    /// A start resolves networks by the names that the container keeps: they are looked at again (threats §4.2).
    /// </summary>
    private async Task<Decision?> RejoinAsync(
        string user, Verdict verdict, EngineRequest request, IReadOnlyDictionary<ObjectReference, EngineObject?> objects, CancellationToken cancellationToken)
    {
        if (request.Operation!.Name is not ("ContainerStart" or "ContainerRestart") || verdict.Context is not { Unlimited: false, AllObjects: false } context
            || objects.GetValueOrDefault(new ObjectReference(ObjectKind.Container, request.Name!)) is not { } container)
        {
            return null;
        }

        foreach (var network in Json.Members(Json.Member(Json.Member(container.Raw, "NetworkSettings"), "Networks")).Select(n => n.Name))
        {
            var found = await resolver.FindAsync(new ObjectReference(ObjectKind.Network, network), cancellationToken);
            if (found is not null && found.Owner != user && !context.Grants.Networks.Contains(found.Name) && !(found.Name == "host" && context.Grants.HostNamespaces.Contains("network")))
            {
                return Decision.Deny(DenyReason.NotFound, 404, EngineError.NotFound(request.Operation, ObjectKind.Network, network)).By(context.Role.Name, verdict.Decision.Rule);
            }
        }

        return null;
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
