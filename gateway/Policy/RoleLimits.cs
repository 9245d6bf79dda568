namespace Gateway.Policy;

/// <summary>A role's <c>quota:</c>: the most that one user may have at a time. Null is no bound.</summary>
/// <param name="Memory">Bytes, summed over the user's containers in every state.</param>
/// <param name="Cpus">Billionths of a CPU, likewise.</param>
/// <param name="Streams">Hijacked and following answers that are open at this gateway.</param>
internal sealed record RoleQuota(long? Containers, long? Memory, long? Cpus, long? Volumes, long? Networks, long? Streams);

/// <summary>A role's <c>rate:</c>: how many requests a user may send.</summary>
/// <param name="Requests">Each second, on average.</param>
/// <param name="Burst">At once, after a pause.</param>
internal sealed record RoleRate(long Requests, long Burst);
