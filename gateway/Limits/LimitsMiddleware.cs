using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Gateway.Limits;

/// <summary>
/// Between the decision and its record: an allowed request takes its places (quota, streams, one's own connections to the
/// engine) and keeps them until its answer has ended. Where there is no room, the verdict becomes a denial.
/// </summary>
internal sealed partial class LimitsMiddleware(RequestDelegate next, QuotaGuard quotas, UserSlots slots, ILogger<LimitsMiddleware> logger)
{
    /// <summary>How many calls of one user wait for the engine at once; the rest wait for these, and for nobody else's (I64).</summary>
    internal const int PlainCalls = 16;

    private static readonly TimeSpan RetryStream = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<ForwardPlan>() is not { } plan || context.Features.GetRequiredFeature<Verdict>() is not { Context: { } look } verdict)
        {
            await next(context);
            return;
        }

        var places = new Stack<IDisposable>();
        try
        {
            if (await EnterAsync(plan, verdict, look, context, places) is { } denial)
            {
                context.Features.Set(new Verdict(denial, look, null));
                context.Features.Set<ForwardPlan>(null);
            }

            await next(context);
        }
        finally
        {
            while (places.TryPop(out var place))
            {
                place.Dispose();
            }
        }
    }

    /// <summary>Takes the places that the request needs, always in this order.</summary>
    private async Task<Decision?> EnterAsync(ForwardPlan plan, Verdict verdict, CheckContext look, HttpContext context, Stack<IDisposable> places)
    {
        try
        {
            var (operation, aborted) = (look.Request.Operation!, context.RequestAborted);
            if (look.Role.Quota?.Streams is { } streams && IsStream(operation, look.Query, plan))
            {
                if (slots.TryEnter(look.User, "streams", streams) is not { } stream)
                {
                    return Decision.Deny(DenyReason.QuotaExceeded, 429, $"the quota of role \"{look.Role.Name}\" is {streams} open streams; end some first")
                        .By(look.Role.Name, verdict.Decision.Rule).RetryIn(RetryStream);
                }

                places.Push(stream);
            }

            if (look.Role.Quota is { } quota && QuotaDemand.MayAdd(operation, quota))
            {
                places.Push(await quotas.EnterAsync(look.User, aborted));
                var (guarded, denial) = await quotas.CheckAsync(plan, verdict, aborted);
                if (denial is not null)
                {
                    return denial;
                }

                context.Features.Set(guarded);
            }

            if (IsCostly(operation, look.Query))
            {
                places.Push(await slots.EnterAsync(look.User, "costly", 1, aborted));
            }

            if (plan is { Upgrade: null, LongAnswer: false, StreamsBody: false })
            {
                places.Push(await slots.EnterAsync(look.User, "plain", PlainCalls, aborted));
            }

            return null;
        }
        catch (EngineUnreachableException e)
        {
            return Decision.Deny(DenyReason.EngineUnreachable, 503, e.Message);
        }
        catch (EngineAnswerException e)
        {
            Log.UsageUnreadable(logger, e, look.Request.Id);
            return Decision.Deny(DenyReason.EngineAnswerUnreadable, 502, "the engine's answer cannot be read");
        }
    }

    private static bool IsStream(EngineOperation operation, EngineQuery query, ForwardPlan plan) => operation.Name switch
    {
        "ContainerLogs" or "ServiceLogs" or "TaskLogs" => query.IsTrue("follow"),
        "ContainerStats" => !query.Has("stream") || query.IsTrue("stream"),
        _ => plan.Upgrade is not null || operation.Stream == StreamKind.ChunkedFollow,
    };

    /// <summary>What makes an engine walk through whole file systems (threats §8).</summary>
    private static bool IsCostly(EngineOperation operation, EngineQuery query) =>
        operation.Name is "SystemDataUsage" or "ContainerExport" or "ImageGet" or "ImageGetAll"
        || (operation.Name is "ContainerList" or "ContainerInspect" && query.IsTrue("size"));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request \"{RequestId}\": the user's usage could not be counted")]
        public static partial void UsageUnreadable(ILogger logger, Exception exception, string requestId);
    }
}
