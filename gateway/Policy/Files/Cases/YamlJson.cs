using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files.Cases;

/// <summary>A case's body, written in YAML, as the JSON it stands for: plain true, false, null and numbers are those (YAML 1.2 §10.2), all else is text.</summary>
internal static partial class YamlJson
{
    public static string Write(YamlNode node)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) Write(node, json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(YamlNode node, Utf8JsonWriter json)
    {
        switch (node)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    json.WritePropertyName(key.Value);
                    Write(value, json);
                }

                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(item, json);
                json.WriteEndArray();
                break;
            case YamlText { IsPlain: true } plain:
                WritePlain(plain.Value, json);
                break;
            case YamlText text:
                json.WriteStringValue(text.Value);
                break;
            default:
                throw new InvalidOperationException($"unexpected node {node.Kind}");
        }
    }

    private static void WritePlain(string value, Utf8JsonWriter json)
    {
        if (value is "" or "~" or "null") json.WriteNullValue();
        else if (value is "true" or "false") json.WriteBooleanValue(value == "true");
        else if (Number().IsMatch(value)) json.WriteRawValue(value);
        else json.WriteStringValue(value);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
