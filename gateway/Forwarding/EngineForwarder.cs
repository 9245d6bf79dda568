using Gateway.Archives;
using Gateway.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Forwarding;

/// <summary>Sends what the plan says to the engine through YARP's forwarder, and its answer back.</summary>
internal sealed class EngineForwarder(IHttpForwarder forwarder, EngineConnections connections, EngineClient engine, BrokenTransfers broken)
{
    // Long streams are never cut for being idle (I54): the default would end every quiet one after 100 s.
    internal static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, AllowResponseBuffering = false };

    public async Task InvokeAsync(HttpContext context)
    {
        var plan = context.Features.GetRequiredFeature<ForwardPlan>();
        if (plan.Perform is { } perform)
        {
            var answer = await perform(context.RequestAborted);
            answer = answer.Status < 300 && plan.RewriteAnswer is { } rewrite ? await rewrite(answer, context.RequestAborted) : answer;
            await WriteAsync(context.Response, answer, context.RequestAborted);
            return;
        }

        if (plan.StreamsBody)
        {
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
            context.Request.Body = plan.RewriteUpload?.Invoke(context.Request.Body) ?? context.Request.Body;
        }
        else
        {
            context.Request.Body = new MemoryStream(plan.Body ?? []);
            context.Request.ContentLength = plan.Body?.Length ?? 0;
            context.Request.Headers.Remove("Transfer-Encoding");
            context.Features.Set<IHttpRequestBodyDetectionFeature>(new BodyPresence(plan.Body is not null));
        }

        ForwarderError error;
        try
        {
            error = await forwarder.SendAsync(
                context, "http://docker", plan.LongAnswer || plan.StreamsBody ? connections.Streams : connections.Plain, Config, new EngineTransformer(plan));
        }
        catch (InvalidOperationException) when (context.Response.HasStarted)
        {
            // The transform had flushed the head of a stream, then failed; YARP 2.3 tries to clear the answer all the same.
            context.Abort();
            return;
        }

        if (error == ForwarderError.None)
        {
            return;
        }

        var cause = Cause(context.GetForwarderErrorFeature()?.Exception);
        broken.Tell(context, plan, error, cause);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        throw cause switch
        {
            EngineAnswerException or LimitReachedException or ArchiveRefusedException => cause,
            HttpRequestException { InnerException: EngineUnreachableException e } => e,
            EngineUnreachableException e => e,
            _ when error is ForwarderError.Request or ForwarderError.RequestTimedOut => new EngineUnreachableException(connections.Endpoint, cause!),
            _ => new EngineAnswerException($"the engine's answer could not be passed on ({error})", cause),
        };
    }

    /// <summary>What ended an upload goes before what that did to the exchange with the engine.</summary>
    private static Exception? Cause(Exception? error) =>
        error is AggregateException both ? both.InnerExceptions.FirstOrDefault(e => e is ArchiveRefusedException) ?? both : error;

    private async Task WriteAsync(HttpResponse response, WholeAnswer answer, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in engine.Identity.Heads)
        {
            response.Headers[name] = value;
        }

        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, cancellationToken);
    }

    private sealed record BodyPresence(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
