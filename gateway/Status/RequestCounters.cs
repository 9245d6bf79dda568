using System.Collections.Concurrent;
using Gateway.EngineApi;
using Gateway.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Status;

/// <summary>How many requests were decided, by operation and decision. Names are the catalogue's: there are no more than it has.</summary>
internal sealed class RequestCounters
{
    private readonly ConcurrentDictionary<(string Operation, string Decision), long> counts = new();

    public IEnumerable<KeyValuePair<(string Operation, string Decision), long>> All => counts;

    public void Count(string? operation, bool allowed) =>
        counts.AddOrUpdate((operation ?? "unknown", allowed ? "allow" : "deny"), 1, (_, count) => count + 1);
}

/// <summary>Counts each request once it is decided.</summary>
internal sealed class RequestCountersMiddleware(RequestDelegate next, RequestCounters counters)
{
    public Task InvokeAsync(HttpContext context)
    {
        counters.Count(context.Features.GetRequiredFeature<EngineRequest>().Operation?.Name, context.Features.GetRequiredFeature<Verdict>().Decision.Allowed);
        return next(context);
    }
}
