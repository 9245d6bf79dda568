using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>
/// Reads an object of lists of the engine's (<c>{"Volumes":[…]}</c>) element by element: in memory are what is kept, which is the
/// caller's own, and one element (threats §8).
/// </summary>
internal static class MemberStream
{
    private const int BufferSize = 64 << 10;
    private static readonly JsonReaderOptions Depth = new() { MaxDepth = 128 };

    /// <param name="keep">For the name of a list, what the caller may see of one element; null drops it.</param>
    /// <returns>The lists that are there and not null, with what is kept of them; other members are left out.</returns>
    /// <exception cref="EngineAnswerException">It is no such object, or longer than <see cref="EngineClient.MaxAnswerBytes"/>.</exception>
    public static async ValueTask<JsonObject> NarrowAsync(Stream source, IReadOnlyDictionary<string, Func<JsonElement, JsonNode?>> keep, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(new BoundedStream(source, EngineClient.MaxAnswerBytes), new StreamPipeReaderOptions(bufferSize: BufferSize));
        var reading = new Reading(keep);
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var consumed = reading.Take(read.Buffer, read.IsCompleted);
                if (read.IsCompleted)
                {
                    return reading.Done ? reading.Kept : throw new EngineAnswerException("the engine's answer ends too early");
                }

                pipe.AdvanceTo(consumed, read.Buffer.End);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new EngineAnswerException("the engine's answer is no object of lists", e);
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    /// <summary>How far the object has been read: between two of its members, or within a list.</summary>
    private sealed class Reading(IReadOnlyDictionary<string, Func<JsonElement, JsonNode?>> keep)
    {
        private JsonReaderState state = new(Depth);
        private string? member;
        private JsonArray? list;

        public JsonObject Kept { get; } = [];

        public bool Done { get; private set; }

        /// <summary>Takes all values that have come whole.</summary>
        /// <returns>Where the first one begins that has not.</returns>
        public SequencePosition Take(ReadOnlySequence<byte> buffer, bool isLast)
        {
            var json = new Utf8JsonReader(buffer, isLast, state);
            while (TakeOne(ref json))
            {
                state = json.CurrentState;
                buffer = buffer.Slice(json.Position);
                json = new Utf8JsonReader(buffer, isLast, state);
            }

            return buffer.Start;
        }

        private bool TakeOne(ref Utf8JsonReader json)
        {
            var peek = json;
            if (!peek.Read())
            {
                return false;
            }

            switch (peek.TokenType)
            {
                case JsonTokenType.StartObject when member is null && peek.CurrentDepth == 0:
                case JsonTokenType.EndObject when member is null:
                    Done = peek.TokenType == JsonTokenType.EndObject;
                    json = peek;
                    return true;
                case JsonTokenType.PropertyName when member is null:
                    member = peek.GetString()!;
                    json = peek;
                    return true;
                case JsonTokenType.StartArray when list is null && member is not null:
                    list = [];
                    json = peek;
                    return true;
                case JsonTokenType.EndArray when list is not null:
                    if (keep.ContainsKey(member!))
                    {
                        Kept[member!] = list;
                    }

                    (member, list) = (null, null);
                    json = peek;
                    return true;
                case var _ when member is null:
                    throw new JsonException("no object");
                default:
                    return TakeValue(ref json, peek);
            }
        }

        /// <param name="first">The reader at the value's first token.</param>
        private bool TakeValue(ref Utf8JsonReader json, Utf8JsonReader first)
        {
            if (!JsonDocument.TryParseValue(ref first, out var document))
            {
                return false;
            }

            json = first;

            using (document)
            {
                if (list is null)
                {
                    member = null;
                }
                else if (keep.TryGetValue(member!, out var look) && look(document.RootElement.Clone()) is { } node)
                {
                    list.Add(node);
                }
            }

            return true;
        }
    }
}
