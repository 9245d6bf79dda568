using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>
/// Reads a list of the engine's element by element: in memory are what is kept, which is the caller's own, and one element. One that is too
/// long is left out.
/// </summary>
internal static class ElementStream
{
    /// <param name="keep">What the caller may see of one element; null drops it.</param>
    /// <param name="limit">How many are kept at most; null is all.</param>
    /// <exception cref="EngineAnswerException">It is no list, or what is kept is longer than <see cref="EngineClient.MaxAnswerBytes"/>.</exception>
    public static async ValueTask<byte[]> NarrowAsync(Stream source, Func<JsonElement, JsonNode?> keep, int? limit, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            var (kept, isList) = (0, false);
            json.WriteStartArray();
            await foreach (var piece in ListReader.ReadAsync(source, cancellationToken))
            {
                isList = piece.Member.Length == 0 ? true : throw NoList();
                if (piece is { Element: { } element, IsTooLong: false } && kept != limit && keep(element) is { } node)
                {
                    node.WriteTo(json);
                    kept++;
                    Bounded(json.BytesCommitted + json.BytesPending);
                }
            }

            json.WriteEndArray();
            if (!isList)
            {
                throw NoList();
            }
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }

    /// <exception cref="EngineAnswerException">It is more than an answer may be long.</exception>
    public static void Bounded(long kept)
    {
        if (kept > EngineClient.MaxAnswerBytes)
        {
            throw new EngineAnswerException($"what the caller may see of the engine's list is longer than {EngineClient.MaxAnswerBytes >> 20} MiB");
        }
    }

    private static EngineAnswerException NoList() => new("the engine's list is no list");
}
