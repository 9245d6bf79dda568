using System.Text;
using System.Text.Json;

namespace Gateway.EngineApi.Documents;

/// <summary>
/// The pass over a JSON body before anything else reads it: refuses what the engine's decoder would merge, skip, replace or
/// ignore (threats §2.5): colliding names, bytes behind the value, text that is not UTF-8, a byte order mark, depth over 64.
/// </summary>
internal static class StrictJson
{
    public const int MaxBytes = 4 << 20;
    private const int MaxTokens = 100_000;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow };
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <param name="foldsNames">False where an object is a free map, whose keys are case-exact; then only equal names collide.</param>
    /// <exception cref="RequestRefusedException">The bytes are not one JSON value that has one meaning.</exception>
    public static void Check(ReadOnlySpan<byte> json, bool foldsNames)
    {
        try
        {
            Utf8.GetCharCount(json);
            Walk(json, foldsNames);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw new RequestRefusedException(400, "the body is not one JSON value in UTF-8 with nothing behind it");
        }
    }

    /// <summary>Go's simple folding (encoding/json): case, and the two letters outside ASCII that fold into it.</summary>
    public static string Fold(string name) => name.Replace('\u017F', 's').Replace('\u212A', 'k').ToLowerInvariant();

    private static void Walk(ReadOnlySpan<byte> json, bool foldsNames)
    {
        var reader = new Utf8JsonReader(json, Options);
        var names = new Stack<HashSet<string>>();
        for (var tokens = 0; reader.Read(); tokens++)
        {
            if (tokens > MaxTokens)
            {
                throw new RequestRefusedException(413, $"the body has more than {MaxTokens} JSON tokens");
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var name = reader.GetString()!;
                    if (!names.Peek().Add(foldsNames ? Fold(name) : name))
                    {
                        throw new RequestRefusedException(400, "two names in one object of the body read as one; send each name once", name.Length > 64 ? name[..64] : name);
                    }

                    break;
                case JsonTokenType.String:
                    // Reading it finds lone surrogates behind \u escapes.
                    reader.GetString();
                    break;
                default:
                    break;
            }
        }
    }
}
