using System.Globalization;
using System.Text;
using Gateway.Archives;
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
internal sealed partial class EnforcementMiddleware(RequestDelegate next, EngineClient engine, ILogger<EnforcementMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var decision = context.Features.GetRequiredFeature<Verdict>().Decision;
        if (decision.Allowed)
        {
            decision = await ForwardAsync(context);
            context.Features.Set(decision is null ? null : new LateDenial(decision));
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
            var plan = context.Features.GetRequiredFeature<ForwardPlan>();
            if (plan.Prepare is { } prepare && await prepare(context.RequestAborted) is { } refusal)
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
        catch (ArchiveRefusedException e)
        {
            return Decision.Deny(DenyReason.NotGranted, 403, e.Message, "body");
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

    private async Task WriteAsync(HttpContext context, Decision decision)
    {
        var request = context.Features.GetRequiredFeature<EngineRequest>();
        if (decision.Reason == DenyReason.NotFound)
        {
            await WriteAsync(context, decision.Missing is { } missing
                ? MissingWords.Of(request, missing.Kind, missing.Name, engine.Identity.Api)
                : new MissingAnswer(decision.Status, decision.Detail));
            return;
        }

        // The engine's own words are left alone.
        var message = decision.Reason is DenyReason.EngineUnreachable or DenyReason.Conflict ? decision.Detail : $"{decision.Detail} (request {request.Id})";
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        context.Response.Clear();
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

        await WriteAsync(context, decision.Status, EngineError.Body(message));
    }

    /// <summary>As the engine itself answers for what is not there: heads, words and how the connection ends.</summary>
    private async Task WriteAsync(HttpContext context, MissingAnswer answer)
    {
        context.Response.Clear();
        if (answer.Raw is { } raw)
        {
            var client = context.Features.GetRequiredFeature<ClientConnection>().Hijack();
            await client.Output.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 404 Not Found\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n{raw}"), client.Vanished);
            await client.ShutdownOutput();
            return;
        }

        foreach (var (name, value) in engine.Identity.Heads)
        {
            context.Response.Headers[name] = value;
        }

        if (context.Features.GetRequiredFeature<EngineRequest>() is { HasBody: true, Operation.Body: not BodyKind.Json })
        {
            // What is still to come of an upload is not read.
            context.Response.Headers.Connection = "close";
        }

        if (answer.Message is { } message)
        {
            await WriteAsync(context, answer.Status, EngineError.Body(message));
        }
        else
        {
            context.Response.StatusCode = answer.Status;
        }
    }

    private static async Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
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
