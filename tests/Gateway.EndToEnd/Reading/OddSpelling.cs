using System.Globalization;
using System.Text;

namespace Gateway.EndToEnd.Reading;

/// <summary>Writes a document in one of the many spellings that Go's decoder reads the same way.</summary>
internal static class OddSpelling
{
    public static string Write(object? value, Random random)
    {
        var text = new StringBuilder();
        Write(value, random, text);
        return text.ToString();
    }

    private static void Write(object? value, Random random, StringBuilder text)
    {
        text.Append(Space(random));
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case bool flag:
                text.Append(flag ? "true" : "false");
                break;
            case string words:
                text.Append(Text(words, random));
                break;
            case Structure structure:
                Members(structure.Select(m => (Text(Fold(m.Name, random), random), m.Value)), random, text);
                break;
            case FreeMap map:
                Members(map.Select(m => (Text(m.Key, random), m.Value)), random, text);
                break;
            case TextOrTexts { Count: 1 } one when random.Next(2) == 0:
                text.Append(Text(one[0], random));
                break;
            case System.Collections.IEnumerable list:
                text.Append('[');
                var first = true;
                foreach (var item in list)
                {
                    text.Append(first ? "" : ",");
                    first = false;
                    Write(item, random, text);
                }

                text.Append(']');
                break;
            default:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }

        text.Append(Space(random));
    }

    private static void Members(IEnumerable<(string Name, object? Value)> members, Random random, StringBuilder text)
    {
        text.Append('{');
        var first = true;
        foreach (var (name, value) in members)
        {
            text.Append(first ? "" : ",").Append(Space(random)).Append(name).Append(Space(random)).Append(':');
            first = false;
            Write(value, random, text);
        }

        text.Append('}');
    }

    /// <summary>Case, the long s and the Kelvin sign: what Go folds.</summary>
    private static string Fold(string name, Random random) => random.Next(3) > 0 ? name : string.Concat(name.Select(c => random.Next(6) switch
    {
        0 when c is 's' or 'S' => 'ſ',
        0 when c is 'k' or 'K' => '\u212A',
        1 => char.ToUpperInvariant(c),
        2 => char.ToLowerInvariant(c),
        _ => c,
    }));

    private static string Text(string value, Random random)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c is '"' or '\\' || c < ' ' || random.Next(12) == 0 ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")
                : c == '/' && random.Next(4) == 0 ? text.Append("\\/")
                : text.Append(c);
        }

        return text.Append('"').ToString();
    }

    private static string Space(Random random) => random.Next(8) switch { 0 => " ", 1 => "\n", 2 => "\t ", _ => "" };
}
