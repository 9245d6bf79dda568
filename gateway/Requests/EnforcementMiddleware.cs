using System.Globalization;
using Gateway.EngineApi;
using Gateway.Entitlement;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Policy;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Requests;

/// <summary>The one place that writes denials: Docker's error shape, the reason and the request's id, nothing of anybody else's.</summary>
internal sealed partial class EnforcementMiddleware(RequestDelegate next, ILogger<EnforcementMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var decision = context.Features.GetRequiredFeature<Verdict>().Decision;
        if (decision.Allowed)
        {
            decision = await ForwardAsync(context);
        }

        if (decision is { Allowed: false } && !context.Response.HasStarted)
        {
            await WriteAsync(context, decision);
        }
    }

    private async Task<Decision?> ForwardAsync(HttpContext context)
    {
        var request = context.Features.GetRequiredFeature<EngineRequest>();
        try
        {
            if (context.Features.GetRequiredFeature<ForwardPlan>().Prepare is { } prepare && await prepare(context.RequestAborted) is { } refusal)
            {
                return Decision.Deny(DenyReason.Conflict, refusal.Status, refusal.Message);
            }

            await next(context);
            return null;
        }
        catch (RightsEndedException e)
        {
            return Decision.Deny(DenyReason.RightsEnded, 403, e.Message);
        }
        catch (LimitReachedException e)
        {
            return e.Decision;
        }
        catch (EngineUnreachableException e)
        {
            return Decision.Deny(DenyReason.EngineUnreachable, 503, e.Message);
        }
        catch (EngineAnswerException) when (context.Features.GetRequiredFeature<ClientConnection>().BodyDefect is not null)
        {
            // An upload that broke off in the caller's own framing is no fault of the engine's.
            var defect = context.Features.GetRequiredFeature<ClientConnection>().BodyDefect!;
            return Decision.Deny(DenyReason.MalformedRequest, defect.Status, defect.Message);
        }
        catch (EngineAnswerException e)
        {
            Log.AnswerRefused(logger, e, request.Id);
            return Decision.Deny(DenyReason.EngineAnswerUnreadable, 502, "the engine's answer cannot be read");
        }
    }

    private static async Task WriteAsync(HttpContext context, Decision decision)
    {
        var request = context.Features.GetRequiredFeature<EngineRequest>();
        var connection = context.Features.GetRequiredFeature<ClientConnection>();

        // The engine's own words for what is not there are left alone: they must not differ from what an engine says.
        var message = decision.Reason is DenyReason.NotFound or DenyReason.EngineUnreachable ? decision.Detail : $"{decision.Detail} (request {request.Id})";
        var body = EngineError.Body(message);
        context.Response.Clear();
        context.Response.StatusCode = decision.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        if (decision.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        // A caller who is nobody, and bytes that were read in one way only by giving up, end the connection.
        if (decision.Reason is DenyReason.Unidentified or DenyReason.UnknownUser or DenyReason.RightsEnded or DenyReason.AuditFailed
            || connection.Head.Defect is not null || connection.BodyDefect is not null || connection.Head.HasBody)
        {
            context.Response.Headers.Connection = "close";
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request \"{RequestId}\": the engine's answer was not passed on")]
        public static partial void AnswerRefused(ILogger logger, Exception exception, string requestId);
    }
}
