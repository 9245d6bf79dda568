namespace Gateway.Policy.Files;

/// <summary>How messages show a text that a file holds: in quotes, on one line, cut where it is long.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    public static string Text(string value)
    {
        var shown = value.Length > Longest ? string.Concat(value.AsSpan(0, Longest), "…") : value;
        return $"\"{shown.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
    }
}
