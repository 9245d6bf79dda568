using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>Answers of the engine as nodes that can be changed, and back. What is not of the shape that narrowing knows is never passed on (I65).</summary>
internal static class JsonNodes
{
    public static JsonNode? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };

    /// <exception cref="EngineAnswerException">It is none.</exception>
    public static JsonObject Object(JsonElement element) =>
        Of(element) as JsonObject ?? throw new EngineAnswerException("the engine's answer is no object");

    /// <exception cref="EngineAnswerException">It is none.</exception>
    public static JsonObject Object(byte[] body) => Object(EngineClient.Parse(body));

    /// <summary>The array's elements that the function keeps, as it gives them; null where there is no array.</summary>
    public static JsonArray? Filter(JsonNode? array, Func<JsonElement, JsonNode?> keep) =>
        array is not JsonArray list ? null : new JsonArray([.. list.Where(item => item is not null).Select(item => keep(JsonSerializer.SerializeToElement(item!, NarrowedJson.Default.JsonNode))).OfType<JsonNode>()]);

    public static byte[] Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(json);
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }
}
