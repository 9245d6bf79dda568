using System.Collections.Concurrent;

namespace Gateway.Limits;

/// <summary>Places that a user's own requests share: whoever fills them makes nobody else wait (threats §8, I64).</summary>
internal sealed class UserSlots
{
    /// <summary>How many requests of one user with a long body are in memory at once.</summary>
    internal const int LongBodies = 8;

    private readonly ConcurrentDictionary<(string User, string What), SemaphoreSlim> places = new();
    private readonly ConcurrentDictionary<(string User, string What), Counter> counters = new();

    /// <summary>Waits for one of so many places, in the order of coming; disposing the answer leaves it.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    public async ValueTask<IDisposable> EnterAsync(string user, string what, int most, CancellationToken cancellationToken)
    {
        var place = places.GetOrAdd((user, what), _ => new SemaphoreSlim(most, most));
        await place.WaitAsync(cancellationToken);
        return new Leaving(() => place.Release());
    }

    /// <summary>A place for a request with a long body.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up waiting.</exception>
    public ValueTask<IDisposable> EnterLongBodyAsync(string user, CancellationToken cancellationToken) => EnterAsync(user, "long bodies", LongBodies, cancellationToken);

    /// <summary>One of so many places, or null where all are taken. The number may differ from call to call, as a policy's does.</summary>
    public IDisposable? TryEnter(string user, string what, long most)
    {
        var counter = counters.GetOrAdd((user, what), _ => new Counter());
        if (Interlocked.Increment(ref counter.Taken) <= most)
        {
            return new Leaving(() => Interlocked.Decrement(ref counter.Taken));
        }

        Interlocked.Decrement(ref counter.Taken);
        return null;
    }

    private sealed class Counter
    {
        public long Taken;
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? leave = leave;

        public void Dispose() => Interlocked.Exchange(ref leave, null)?.Invoke();
    }
}
