using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.EngineApi.Documents;

/// <summary>
/// Reads a JSON body into its document in one pass, as Go's encoding/json would read it into the engine's type, and refuses
/// whatever that would merge, skip, replace or ignore (threats §2.5; I11–I13). Names of fields match without case and with the
/// two letters outside ASCII that Go folds into it; keys of maps are exact.
/// </summary>
internal ref struct BodyReader
{
    private const int MaxTokens = 100_000;
    private const int MaxDepth = 64;

    /// <summary>The longest known name has under 40 letters, each at most six bytes long as an escape.</summary>
    private const int MaxName = 256;

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly ReadOnlySpan<byte> json;
    private readonly string place;
    private readonly BodyPath path = new();
    private Utf8JsonReader reader;
    private int tokens;

    private BodyReader(ReadOnlySpan<byte> json, string place)
    {
        this.json = json;
        this.place = place;
        reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });
    }

    /// <param name="place">Where the JSON stands, for messages: <c>the request's body</c>.</param>
    /// <exception cref="RequestRefusedException">
    /// The bytes are not one value of that type with one meaning. The message names the field, never its value.
    /// </exception>
    public static object Read(ReadOnlySpan<byte> json, DocumentShape shape, string place)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble) || !Utf8.IsValid(json))
        {
            throw new RequestRefusedException(400, $"{place} is not UTF-8 without a byte order mark");
        }

        var body = new BodyReader(json, place);
        try
        {
            body.Next();
            var value = body.reader.TokenType == JsonTokenType.Null
                ? throw new RequestRefusedException(400, $"{place} is null; send {shape.Expected}")
                : body.Value(shape);
            return body.reader.Read() ? throw new JsonException() : value;
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException(
                400, string.Create(CultureInfo.InvariantCulture, $"{place} is not one JSON value in UTF-8, at most {MaxDepth} deep, with nothing behind it (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})"));
        }
        catch (InvalidOperationException)
        {
            // A \u escape of half a character.
            throw body.Refusal("text that is not Unicode in");
        }
    }

    private void Next()
    {
        if (!reader.Read())
        {
            throw new JsonException();
        }

        if (++tokens > MaxTokens)
        {
            throw new RequestRefusedException(413, $"{place} has more than {MaxTokens} JSON tokens");
        }
    }

    private object Value(DocumentShape shape) => (shape.Kind, reader.TokenType) switch
    {
        (ValueKind.Text, JsonTokenType.String) => TextValue(),
        (ValueKind.Boolean, JsonTokenType.True) => True,
        (ValueKind.Boolean, JsonTokenType.False) => False,
        (ValueKind.Integer or ValueKind.Unsigned or ValueKind.Decimal, JsonTokenType.Number) => Number(shape),
        (ValueKind.Bytes, JsonTokenType.String) => Bytes(shape),
        (ValueKind.TextOrList, JsonTokenType.String) => new TextOrList([TextValue()]),
        (ValueKind.List or ValueKind.TextOrList, JsonTokenType.StartArray) => List(shape),
        (ValueKind.Map, JsonTokenType.StartObject) => Map(shape),
        (ValueKind.Structure, JsonTokenType.StartObject) => Structure(shape),
        _ => throw Wrong(shape),
    };

    private string TextValue()
    {
        var text = reader.GetString()!;

        // What a kernel call or a program written in C would cut there, Go would not.
        return text.Contains('\0', StringComparison.Ordinal) ? throw Refusal("a NUL character in") : text;
    }

    private object Number(DocumentShape shape)
    {
        var digits = reader.ValueSpan;
        if (shape.Kind == ValueKind.Decimal)
        {
            return Utf8Parser.TryParse(digits, out float number, out var used) && used == digits.Length && float.IsFinite(number) ? number : throw Wrong(shape);
        }

        if (shape.Kind == ValueKind.Integer)
        {
            return Utf8Parser.TryParse(digits, out long whole, out var used) && used == digits.Length ? whole : throw Wrong(shape);
        }

        if (!Utf8Parser.TryParse(digits, out ulong positive, out var read) || read != digits.Length || positive > shape.Max)
        {
            throw Wrong(shape);
        }

        return shape.Type == typeof(ushort) ? (object)(ushort)positive : shape.Type == typeof(uint) ? (object)(uint)positive : positive;
    }

    private byte[] Bytes(DocumentShape shape)
    {
        try
        {
            return Convert.FromBase64String(reader.GetString()!);
        }
        catch (FormatException)
        {
            throw Wrong(shape);
        }
    }

    private object List(DocumentShape shape)
    {
        var list = (IList)shape.Create!();
        for (Next(); reader.TokenType != JsonTokenType.EndArray; Next())
        {
            path.Enter(list.Count);
            list.Add(reader.TokenType == JsonTokenType.Null ? throw Null() : Value(shape.Entry!));
            path.Leave();
        }

        return list;
    }

    private object Map(DocumentShape shape)
    {
        var map = (IDictionary)shape.Create!();
        for (Next(); reader.TokenType != JsonTokenType.EndObject; Next())
        {
            EnterName(exact: true);
            var key = TextValue();
            if (map.Contains(key))
            {
                throw Refusal("twice the same key");
            }

            Next();
            map.Add(key, reader.TokenType != JsonTokenType.Null ? Value(shape.Entry!) : shape.EntriesMayBeNull ? null : throw Null());
            path.Leave();
        }

        return map;
    }

    private object Structure(DocumentShape shape)
    {
        var structure = shape.Create!();
        var seen = shape.Fields.Count <= 128 ? stackalloc bool[128] : throw new InvalidOperationException("a structure has more fields than are counted");
        seen.Clear();
        List<string>? skipped = null;
        for (Next(); reader.TokenType != JsonTokenType.EndObject; Next())
        {
            EnterName(exact: false);
            var field = Find(shape);
            if (field is null)
            {
                skipped = SkipClientName(shape, skipped);
            }
            else
            {
                seen[field.Index] = seen[field.Index] ? throw Refusal("two names that read as one:") : true;
                Next();

                // Null is Go's zero value, as if nothing was said.
                if (reader.TokenType != JsonTokenType.Null)
                {
                    field.Set(structure, Value(field.Shape));
                }
            }

            path.Leave();
        }

        return structure;
    }

    /// <summary>The field of the name that is being read, by Go's folding; null where no engine has it.</summary>
    private readonly DocumentField? Find(DocumentShape shape)
    {
        if (reader.ValueSpan.Length > MaxName)
        {
            return null;
        }

        Span<char> name = stackalloc char[MaxName];
        name = name[..reader.CopyString(name)];
        FieldName.ToAscii(name);
        return Ascii.IsValid(name) && shape.Fields.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var field) ? field : null;
    }

    /// <summary>
    /// A name of <see cref="ClientNames"/>, left out of the document. Python's client writes <c>{"NetworkingConfig":{"name":null}}</c> for a
    /// network that HostConfig.NetworkMode names: a null there says nothing. Any other unknown field is refused, whatever its value.
    /// </summary>
    private List<string> SkipClientName(DocumentShape shape, List<string>? skipped)
    {
        var (refusal, name) = (Unknown(shape), reader.ValueSpan.Length > MaxName ? "" : reader.GetString()!);
        if (skipped?.Contains(name) == true)
        {
            throw Refusal("two names that read as one:");
        }

        Next();
        if (reader.TokenType == JsonTokenType.Null && shape.Type == typeof(NetworkingConfig))
        {
            return [.. skipped ?? [], name];
        }

        var taken = ClientNames.Find(shape.Type, name) ?? throw refusal;
        if (taken == ClientValue.Anything)
        {
            reader.Skip();
        }
        else if (taken == ClientValue.Credentials && reader.TokenType != JsonTokenType.Null)
        {
            _ = Value(DocumentShape.Of(typeof(AuthBody)));
        }
        else if (!(taken == ClientValue.Text && reader.TokenType == JsonTokenType.String) && !IsNothing())
        {
            throw refusal;
        }

        return [.. skipped ?? [], name];
    }

    /// <summary>Reads on to the end of an empty list or structure.</summary>
    private bool IsNothing()
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return true;
            case JsonTokenType.String:
                return reader.ValueSpan.IsEmpty;
            case JsonTokenType.Number:
                return reader.ValueSpan.SequenceEqual("0"u8);
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                Next();
                return reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject;
            default:
                return false;
        }
    }

    private readonly RequestRefusedException Unknown(DocumentShape shape)
    {
        var field = path.Text(json);
        if (shape.Type == typeof(ContainerCreateBody) && Find(DocumentShape.Of(typeof(HostConfig))) is { } host)
        {
            return new RequestRefusedException(400, $"field \"{field}\" of {place} stands outside HostConfig; old engines obey it there and new ones do not: write it as HostConfig.{host.Name}", field);
        }

        return new RequestRefusedException(400, $"unknown field \"{field}\" in {place}; if a newer engine has it, it is refused until this gateway knows it too", field);
    }

    private readonly RequestRefusedException Wrong(DocumentShape shape)
    {
        var field = path.Text(json);
        return new RequestRefusedException(400, field.Length == 0 ? $"{place} is not {shape.Expected}" : $"wrong value for field \"{field}\" in {place}: it is {shape.Expected}", field.Length == 0 ? null : field);
    }

    private readonly RequestRefusedException Null() => Refusal("null as an entry of a list or map:", "; leave the entry out");

    private readonly RequestRefusedException Refusal(string what, string advice = "")
    {
        var field = path.Text(json);
        return new RequestRefusedException(400, $"{what} \"{field}\" in {place}{advice}", field);
    }

    private readonly void EnterName(bool exact) =>
        path.Enter((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2, exact);
}
