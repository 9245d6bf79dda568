using System.Buffers;
using System.Text.Json;

namespace Gateway.Forwarding;

/// <summary>Finds where the elements of an answer's lists begin and end, as its bytes come; what is inside an element is JSON's own reader's.</summary>
internal sealed class ListScan
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 128 };
    private readonly ArrayBufferWriter<byte> value = new();
    private readonly ValueEnd end = new();
    private Place place = Place.Start;
    private Kind? reading;
    private bool isTooLong;
    private bool isObject;
    private string member = "";

    private enum Place { Start, NameOrEnd, Name, Colon, Value, AfterValue, ElementOrEnd, Element, AfterElement, End }

    private enum Kind { Name, Value, Element }

    /// <summary>What has come whole.</summary>
    public Queue<ListPiece> Found { get; } = new();

    /// <exception cref="EngineAnswerException">The bytes are neither a list nor an object.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (reading is null)
            {
                bytes = bytes.TrimStart(" \t\r\n"u8);
                bytes = bytes.IsEmpty ? bytes : bytes[TakeStructure(bytes[0])..];
                continue;
            }

            var taken = end.Take(bytes);
            Keep(bytes[..taken]);
            bytes = bytes[taken..];
            if (end.IsReached)
            {
                Finish();
            }
        }
    }

    /// <exception cref="EngineAnswerException">The answer is cut.</exception>
    public void End()
    {
        if (place != Place.End)
        {
            throw NoList();
        }
    }

    /// <returns>How many bytes were taken: none where a value begins.</returns>
    private int TakeStructure(byte first)
    {
        (Place? Next, Kind? Begins) step = (place, first) switch
        {
            (Place.Start, (byte)'[') => (Begin(""), null),
            (Place.Start, (byte)'{') => (Place.NameOrEnd, null),
            (Place.NameOrEnd or Place.AfterValue, (byte)'}') => (Place.End, null),
            (Place.ElementOrEnd or Place.AfterElement, (byte)']') => (isObject ? Place.AfterValue : Place.End, null),
            (Place.NameOrEnd or Place.Name, (byte)'"') => (null, Kind.Name),
            (Place.Colon, (byte)':') => (Place.Value, null),
            (Place.Value, (byte)'[') => (Begin(member), null),
            (Place.Value, _) when ValueEnd.MayBegin(first) => (null, Kind.Value),
            (Place.AfterValue, (byte)',') => (Place.Name, null),
            (Place.ElementOrEnd or Place.Element, _) when ValueEnd.MayBegin(first) => (null, Kind.Element),
            (Place.AfterElement, (byte)',') => (Place.Element, null),
            _ => throw NoList(),
        };
        isObject |= place == Place.Start && first == '{';
        place = step.Next ?? place;
        reading = step.Begins;
        return step.Begins is null ? 1 : 0;
    }

    private Place Begin(string list)
    {
        Found.Enqueue(new ListPiece(list, null, 0, false));
        return Place.ElementOrEnd;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        isTooLong |= value.WrittenCount + bytes.Length > EngineClient.MaxAnswerBytes;
        if (!isTooLong)
        {
            value.Write(bytes);
        }
    }

    private void Finish()
    {
        var read = isTooLong ? default : Parse();
        switch (reading)
        {
            case Kind.Name:
                member = read.ValueKind == JsonValueKind.String ? read.GetString()! : throw NoList();
                place = Place.Colon;
                break;
            case Kind.Value:
                place = Place.AfterValue;
                break;
            default:
                Found.Enqueue(new ListPiece(member, read, value.WrittenCount, isTooLong));
                place = Place.AfterElement;
                break;
        }

        (reading, isTooLong) = (null, false);
        value.ResetWrittenCount();
        end.Reset();
    }

    private JsonElement Parse()
    {
        try
        {
            using var document = JsonDocument.Parse(value.WrittenMemory, Depth);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new EngineAnswerException("the engine's answer is no JSON", e);
        }
    }

    private static EngineAnswerException NoList() => new("the engine's answer is no list, nor an object of lists");

    /// <summary>Where one JSON value ends.</summary>
    private sealed class ValueEnd
    {
        private static readonly SearchValues<byte> InText = SearchValues.Create("\"\\"u8);
        private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}, \t\r\n"u8);
        private int depth;
        private bool isText;
        private bool isEscape;

        public bool IsReached { get; private set; }

        /// <summary>A word, a number, a text, an object or a list.</summary>
        public static bool MayBegin(byte first) => first is (byte)'"' or (byte)'{' or (byte)'[' or (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n';

        public void Reset() => (depth, isText, isEscape, IsReached) = (0, false, false, false);

        /// <returns>How many of the bytes are the value's.</returns>
        public int Take(ReadOnlySpan<byte> bytes)
        {
            var at = 0;
            while (at < bytes.Length && !IsReached)
            {
                if (isEscape)
                {
                    isEscape = false;
                    at++;
                    continue;
                }

                var next = bytes[at..].IndexOfAny(isText ? InText : Structure);
                if (next < 0)
                {
                    return bytes.Length;
                }

                at += next;
                at += TakeOne(bytes[at]);
            }

            return at;
        }

        /// <returns>Whether the byte is the value's.</returns>
        private int TakeOne(byte found)
        {
            if (isText)
            {
                isEscape = found == '\\';
                isText = isEscape;
                IsReached = !isText && depth == 0;
                return 1;
            }

            switch ((char)found)
            {
                case '"':
                    isText = true;
                    return 1;
                case '{' or '[':
                    depth++;
                    return 1;
                case '}' or ']' when depth > 0:
                    depth--;
                    IsReached = depth == 0;
                    return 1;
                default:
                    // What stands outside of every bracket ends a word or a number.
                    IsReached = depth == 0;
                    return depth == 0 ? 0 : 1;
            }
        }
    }
}
