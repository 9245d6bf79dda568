using System.Collections.Concurrent;
using Gateway.EngineApi;
using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>
/// One bucket of tokens for each user and role: a request takes one, and they come back at the role's rate. Asked before
/// anything is looked up at the engine; the rate is that of the first of the user's roles that may have the operation.
/// </summary>
internal sealed class RequestRates(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string User, string Role), Bucket> buckets = new();

    /// <summary>The denial of one request too many, or null.</summary>
    public Decision? Take(string user, IReadOnlyList<Role> roles, EngineOperation? operation)
    {
        var role = roles.FirstOrDefault(role => operation is not null && role.Rules.Any(rule => rule.Effect == RuleEffect.Allow && rule.Operations.Contains(operation)))
            ?? roles.FirstOrDefault(role => role.Rate is not null);
        if (role?.Rate is not { } rate)
        {
            return null;
        }

        var wait = buckets.GetOrAdd((user, role.Name), _ => new Bucket(rate.Burst, time.GetTimestamp())).Take(rate, time);
        return wait is null
            ? null
            : Decision.Deny(DenyReason.RateLimited, 429, $"more than {rate.Requests} requests a second (role \"{role.Name}\")")
                .By(role.Name, null).RetryIn(wait.Value);
    }

    private sealed class Bucket(double tokens, long filledAt)
    {
        private readonly Lock gate = new();

        /// <summary>How long until there is a token again, or null where one was taken.</summary>
        public TimeSpan? Take(RoleRate rate, TimeProvider time)
        {
            lock (gate)
            {
                var now = time.GetTimestamp();
                tokens = Math.Min(rate.Burst, tokens + (time.GetElapsedTime(filledAt, now).TotalSeconds * rate.Requests));
                filledAt = now;
                if (tokens < 1)
                {
                    return TimeSpan.FromSeconds((1 - tokens) / rate.Requests);
                }

                tokens--;
                return null;
            }
        }
    }
}
