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
