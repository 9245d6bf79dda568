using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Policy.Checks;

namespace Gateway.Audit;

/// <summary>
/// Copies of a JSON body exactly the fields that <see cref="CheckCatalogue"/> has as recorded, and says which it left out. What
/// is kept is listed, so that a field nobody thought of is left out: environment, commands, credentials and values of labels and
/// driver options never reach a record (I63).
/// </summary>
internal static class RecordedBody
{
    private const int MaxText = 512;
    private static readonly ConcurrentDictionary<EngineOperation, RecordedField?> ByOperation = new();

    /// <summary>Writes the projection; nothing of a body whose operation keeps none.</summary>
    /// <param name="leftOut">Gets the paths of fields that were there and are not kept.</param>
    /// <returns>True where something was written.</returns>
    public static bool Write(EngineOperation operation, ReadOnlyMemory<byte> body, Utf8JsonWriter json, ICollection<string> leftOut)
    {
        if (body.IsEmpty)
        {
            return false;
        }

        if (ByOperation.GetOrAdd(operation, known => CheckCatalogue.For(known) is { } checks ? RecordedField.Of(checks) : null) is not { } fields)
        {
            leftOut.Add("body");
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            if (document.RootElement.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                leftOut.Add("body");
                return false;
            }

            // Into a buffer of its own: text that turns out not to be Unicode must not leave half a body behind.
            using var buffer = new MemoryStream();
            using (var copy = new Utf8JsonWriter(buffer, json.Options))
            {
                Copy(document.RootElement, fields, copy, "", leftOut);
            }

            json.WritePropertyName("body");
            json.WriteRawValue(buffer.ToArray(), skipInputValidation: true);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What cannot be read was refused as that; there is nothing to keep of it.
            leftOut.Add("body");
            return false;
        }
    }

    private static void Copy(JsonElement element, RecordedField field, Utf8JsonWriter json, string path, ICollection<string> leftOut)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CopyObject(element, field, json, path, leftOut);
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Copy(item, field, json, path, leftOut);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when field.NamesOnly:
                // The map is said to be incomplete, once; its keys stay out of that list.
                if (!leftOut.Contains(path))
                {
                    leftOut.Add(path);
                }

                json.WriteStringValue("");
                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                if (text.Length > MaxText)
                {
                    leftOut.Add(path);
                }

                json.WriteStringValue(text.Length > MaxText ? text[..MaxText] : text);
                break;
            case JsonValueKind.Number when field.NamesOnly:
                json.WriteNumberValue(0);
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    private static void CopyObject(JsonElement element, RecordedField field, Utf8JsonWriter json, string path, ICollection<string> leftOut)
    {
        json.WriteStartObject();

        // A name that stands twice, in whatever spelling, was refused: once is enough to say by what.
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject().Where(member => written.Add(field.Find(member.Name)?.Name ?? member.Name)))
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (field.Find(member.Name) is { } known)
            {
                json.WritePropertyName(known.Name);
                Copy(member.Value, known.Field, json, path.Length == 0 ? known.Name : $"{path}.{known.Name}", leftOut);
            }
            else if (field.Rest is { } rest && member.Name.Length <= MaxText)
            {
                json.WritePropertyName(member.Name);
                if (rest.Digests && member.Value.ValueKind == JsonValueKind.String)
                {
                    json.WriteStringValue(RecordedInput.Digest(member.Name, member.Value.GetString()!));
                    continue;
                }

                Copy(member.Value, rest, json, field.NamesOnly ? path : at, leftOut);
            }
            else if (member.Value.ValueKind != JsonValueKind.Null)
            {
                leftOut.Add(at.Length > 64 ? at[..64] : at);
            }
        }

        json.WriteEndObject();
    }
}
