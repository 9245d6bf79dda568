using System.Globalization;

namespace Gateway.Policy.Files;

/// <summary>How messages show a text that a file holds: in quotes, on one line, cut where it is long, with what does not show written out.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    public static string Text(string value) =>
        $"\"{Plain(value)}\"";

    /// <summary>The same without the quotes.</summary>
    public static string Plain(string value) => string.Concat((value.Length > Longest ? string.Concat(value.AsSpan(0, Longest), "…") : value).Select(Shown));

    // Controls, and what turns the direction of a line about, would show another text than the file holds.
    private static string Shown(char c) => c switch
    {
        '\r' => "\\r",
        '\n' => "\\n",
        _ when IsHidden(c) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };

    /// <summary>True for what a terminal obeys and does not show.</summary>
    public static bool IsHidden(char c) => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
