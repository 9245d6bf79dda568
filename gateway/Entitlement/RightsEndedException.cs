namespace Gateway.Entitlement;

/// <summary>A call was allowed and is not any more; nothing of its answer has been sent yet. The message says why.</summary>
internal sealed class RightsEndedException(string message) : Exception(message);
