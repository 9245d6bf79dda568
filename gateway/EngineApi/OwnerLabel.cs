namespace Gateway.EngineApi;

/// <summary>The label that says who owns an object. The gateway alone sets it (I41, I42); the engine keeps it.</summary>
internal static class OwnerLabel
{
    public const string Name = "gateway.owner";
    public const string Prefix = "gateway.";

    /// <summary>True for a label's name (or <c>name=value</c>) that reads as one of the gateway's in any case, look-alike letters folded.</summary>
    public static bool IsReserved(string label)
    {
        var folded = Fold(label);
        return folded.StartsWith(Prefix, StringComparison.Ordinal) || folded.Split('=')[0].TrimEnd() == "gateway";
    }

    /// <summary>Whose the object with these labels is: null is nobody's, which no label, an empty one and two spellings of it are (threats §4.3).</summary>
    public static string? Of(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Name, out var owner) && owner.Length > 0 && labels.Keys.Count(key => Fold(key) == Name) == 1 ? owner : null;

    private static string Fold(string label) => label.Trim().Replace('\u212A', 'k').Replace('\u017F', 's').ToLowerInvariant();
}
