namespace Gateway.Requests;

/// <summary>When a request's head had been read: what its duration counts from.</summary>
/// <param name="Timestamp">Of the clock's own, as <see cref="TimeProvider.GetTimestamp"/> gives it.</param>
internal sealed record RequestStart(long Timestamp);
