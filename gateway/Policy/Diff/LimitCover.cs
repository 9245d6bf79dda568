namespace Gateway.Policy.Diff;

/// <summary>Compares two roles' quotas and rates: what the second lets its users have beyond the first.</summary>
internal static class LimitCover
{
    public static IEnumerable<MissingGrant> Missing(Role old, Role now)
    {
        foreach (var (name, before, after) in new[]
        {
            ("containers", old.Quota?.Containers, now.Quota?.Containers),
            ("memory", old.Quota?.Memory, now.Quota?.Memory),
            ("cpus", old.Quota?.Cpus, now.Quota?.Cpus),
            ("volumes", old.Quota?.Volumes, now.Quota?.Volumes),
            ("networks", old.Quota?.Networks, now.Quota?.Networks),
            ("streams", old.Quota?.Streams, now.Quota?.Streams),
        })
        {
            if (IsMore(before, after))
            {
                yield return new MissingGrant("quota", $"{name}: {Text(after)} (was {Text(before)})", ByItself: true);
            }
        }

        if (IsMore(old.Rate?.Requests, now.Rate?.Requests) || IsMore(old.Rate?.Burst, now.Rate?.Burst))
        {
            yield return new MissingGrant("rate", $"{Text(now.Rate)} (was {Text(old.Rate)})", ByItself: true);
        }
    }

    // Without a quota there is no bound.
    private static bool IsMore(long? before, long? after) => before is { } least && (after is not { } most || most > least);

    private static string Text(long? bound) => bound is { } most ? $"{most}" : "none";

    private static string Text(RoleRate? rate) => rate is null ? "none" : $"{rate.Requests}/s, burst {rate.Burst}";
}
