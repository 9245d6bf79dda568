using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.EngineApi.Documents;

/// <summary>A list for which the engine also takes one text (moby <c>strslice</c>); always written as a list.</summary>
[JsonConverter(typeof(TextOrListConverter))]
internal sealed class TextOrList(IEnumerable<string> items) : List<string>(items);

internal sealed class TextOrListConverter : JsonConverter<TextOrList>
{
    public override TextOrList? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return new TextOrList([reader.GetString()!]);
        }

        var items = new TextOrList([]);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException();
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException());
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, TextOrList value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        value.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
    }
}
