namespace Gateway.EngineApi;

/// <summary>The label that says who owns an object. The gateway alone sets it (I41, I42); the engine keeps it.</summary>
internal static class OwnerLabel
{
    public const string Name = "gateway.owner";
    public const string Prefix = "gateway.";

    /// <summary>True for a label's name (or <c>name=value</c>) that reads as one of the gateway's in any case, look-alike letters folded.</summary>
    public static bool IsReserved(string label)
    {
        var folded = label.Trim().Replace('\u212A', 'k').Replace('\u017F', 's').ToLowerInvariant();
        return folded.StartsWith(Prefix, StringComparison.Ordinal) || folded == "gateway";
    }
}
