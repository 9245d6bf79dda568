using System.Collections.Concurrent;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Policy;
using Gateway.Tests.Policy.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Gateway.Tests.Limits;

/// <summary>I64: one user at its limits leaves other users' plain calls unaffected.</summary>
public sealed class LimitsMiddlewareTests
{
    private readonly TaskCompletionSource answered = new();
    private readonly ConcurrentDictionary<string, int> forwarded = new();
    private readonly LimitsMiddleware limits;

    public LimitsMiddlewareTests() => limits = new LimitsMiddleware(ForwardAsync, quotas: null!, new UserSlots(), NullLogger<LimitsMiddleware>.Instance);

    [Fact]
    public async Task I64_LetsOneUserTakeItsShareOfTheEnginesConnectionsAndNoMore()
    {
        var alices = Enumerable.Range(0, EngineConnections.PlainConnections * 2).Select(_ => SendAsync("alice", TestContext.Current.CancellationToken)).ToList();
        var bobs = SendAsync("bob", TestContext.Current.CancellationToken);

        // Nothing here waits for anything but a place: what has one is at the engine by now.
        Assert.Equal(LimitsMiddleware.PlainCalls, forwarded["alice"]);
        Assert.Equal(1, forwarded["bob"]);
        Assert.InRange(LimitsMiddleware.PlainCalls, 1, EngineConnections.PlainConnections / 4);

        answered.SetResult();
        await Task.WhenAll([.. alices, bobs]);
        Assert.Equal(EngineConnections.PlainConnections * 2, forwarded["alice"]);
    }

    [Fact]
    public async Task I64_HoldsNoPlaceForWhoeverHasGone()
    {
        var waiting = Enumerable.Range(0, LimitsMiddleware.PlainCalls).Select(_ => SendAsync("alice", TestContext.Current.CancellationToken)).ToList();
        using var gone = new CancellationTokenSource();
        var given = SendAsync("alice", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        answered.SetResult();
        await Task.WhenAll(waiting);
        await SendAsync("alice", TestContext.Current.CancellationToken);
        Assert.Equal(LimitsMiddleware.PlainCalls + 1, forwarded["alice"]);
    }

    private Task SendAsync(string user, CancellationToken aborted)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        var look = SomeEngine.Context(user, "GET", "/containers/json");
        context.Features.Set(new ForwardPlan { Method = "GET", Target = "/containers/json" });
        context.Features.Set(new Verdict(Decision.Allow("developer", "own"), look, null));
        return limits.InvokeAsync(context);
    }

    private Task ForwardAsync(HttpContext context)
    {
        var user = context.Features.Get<Verdict>()!.Context!.User;
        forwarded.AddOrUpdate(user, 1, (_, count) => count + 1);
        return answered.Task;
    }
}
