using System.Globalization;
using System.Text;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Layout;

/// <summary>Writes a text plainly where the file has it so and that is safe here, else in double quotes (YAML 1.2 §7.3).</summary>
internal static class Scalars
{
    public static string Write(YamlText text, bool inFlow) => text.IsPlain && IsSafe(text.Value, inFlow) ? text.Value : Quote(text.Value);

    private static bool IsSafe(string value, bool inFlow) =>
        value.All(c => c >= ' ' && c != '\u0085' && c is not ('\u2028' or '\u2029'))
        && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) && !value.EndsWith(':')
        && !(inFlow && value.AsSpan().ContainsAny(",[]{}"));

    private static string Quote(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u0085' or '\u2028' or '\u2029' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
