using Gateway.Forwarding;
using Gateway.Identity;
using Gateway.Trust;
using Gateway.Tunnel;
using Gateway.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Entitlement;

/// <summary>
/// Keeps every call that is under way within reach of the sweep: rights that end cancel it, and what its client got until then
/// ends with close_notify and never looks complete.
/// </summary>
internal sealed class EntitlementMiddleware(RequestDelegate next, CurrentTrust current, OpenStreams streams, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var call = context.Features.GetRequiredFeature<DecidedCall>();
        var plan = context.Features.GetRequiredFeature<ForwardPlan>();
        var open = new EntitledCall(call, context.Features.GetRequiredFeature<ClientCredential>());
        using var stream = streams.Open(open, plan.LongAnswer || plan.StreamsBody || plan.Upgrade is not null);

        // What changed while the request was being decided was swept before this call was there to see.
        if (!ReferenceEquals(current.Now, call.DecidedBy) && Judgement.WhyEnded(current.Now, open, time.GetUtcNow()) is { } why)
        {
            stream.Cut(TunnelEnd.RightsEnded, why);
            context.Features.Set(stream.CutBecause);
            throw new RightsEndedException(why);
        }

        await RunAsync(context, stream);
        if (stream.CutBecause is { } cut)
        {
            context.Features.Set(cut);
            await EndAsync(context, plan, cut);
        }
    }

    private async Task RunAsync(HttpContext context, OpenStream stream)
    {
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lifetime.RequestAborted, stream.WasCut);
        context.Features.Set(stream);
        context.Features.Set<IHttpRequestLifetimeFeature>(new CallLifetime(lifetime, stream) { RequestAborted = either.Token });
        try
        {
            await next(context);
        }
        catch (Exception) when (stream.CutBecause is not null)
        {
            // Whatever it stumbled over, it was to end.
        }
        finally
        {
            context.Features.Set(lifetime);
        }
    }

    private static async Task EndAsync(HttpContext context, ForwardPlan plan, TunnelResult cut)
    {
        var connection = context.Features.GetRequiredFeature<ClientConnection>();
        if (cut.End == TunnelEnd.RightsEnded && !context.Response.HasStarted && !connection.IsHijacked && !plan.StreamsBody)
        {
            throw new RightsEndedException(cut.Detail!);
        }

        await connection.CutAsync();
    }

    /// <summary>The call's own end: a forwarder that gives up on a cut call does not reset the connection, which is ended in words.</summary>
    private sealed class CallLifetime(IHttpRequestLifetimeFeature kestrel, OpenStream stream) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            if (stream.CutBecause is null)
            {
                kestrel.Abort();
            }
        }
    }
}
