using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>
/// Reads an object of lists of the engine's (<c>{"Volumes":[…]}</c>) element by element: in memory are what is kept, which is the
/// caller's own, and one element (threats §8). One that is too long is left out.
/// </summary>
internal static class MemberStream
{
    /// <param name="keep">For the name of a list, what the caller may see of one element; null drops it.</param>
    /// <returns>The lists that are there and not null, with what is kept of them; other members are left out.</returns>
    /// <exception cref="EngineAnswerException">It is no such object, or what is kept is longer than <see cref="EngineClient.MaxAnswerBytes"/>.</exception>
    public static async ValueTask<JsonObject> NarrowAsync(Stream source, IReadOnlyDictionary<string, Func<JsonElement, JsonNode?>> keep, CancellationToken cancellationToken)
    {
        var kept = new JsonObject();
        long length = 0;
        await foreach (var piece in ListReader.ReadAsync(source, cancellationToken))
        {
            if (piece.Member.Length == 0)
            {
                throw new EngineAnswerException("the engine's answer is no object of lists");
            }

            if (!keep.TryGetValue(piece.Member, out var look))
            {
                continue;
            }

            if (piece.Element is not { } element)
            {
                kept[piece.Member] = new JsonArray();
            }
            else if (!piece.IsTooLong && look(element) is { } node)
            {
                kept[piece.Member]!.AsArray().Add(node);
                ElementStream.Bounded(length += piece.Length);
            }
        }

        return kept;
    }
}
