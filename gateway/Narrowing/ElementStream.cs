using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>
/// Reads a list of the engine's element by element: in memory are what is kept, which is the caller's own, and one element.
/// </summary>
internal static class ElementStream
{
    /// <param name="keep">What the caller may see of one element; null drops it.</param>
    /// <param name="limit">How many are kept at most; null is all.</param>
    /// <exception cref="EngineAnswerException">It is no list, or longer than <see cref="EngineClient.MaxAnswerBytes"/>.</exception>
    public static async ValueTask<byte[]> NarrowAsync(Stream source, Func<JsonElement, JsonNode?> keep, int? limit, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            var kept = 0;
            json.WriteStartArray();
            try
            {
                var elements = JsonSerializer.DeserializeAsyncEnumerable(new BoundedStream(source, EngineClient.MaxAnswerBytes), NarrowedJson.Default.JsonElement, cancellationToken);
                await foreach (var element in elements)
                {
                    if (kept != limit && keep(element) is { } node)
                    {
                        node.WriteTo(json);
                        kept++;
                    }
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new EngineAnswerException("the engine's list is no list", e);
            }

            json.WriteEndArray();
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }
}
