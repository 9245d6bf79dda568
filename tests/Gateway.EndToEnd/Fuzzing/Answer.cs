using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>An answer in all the forms that something can be hidden in: as it came, without chunks and stream frames, without escapes and base64.</summary>
internal static partial class Answer
{
    public static int Status(string answer) => answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Whether the gateway let the request through: a refusal of its own says the request's id, and what is not there is none.</summary>
    public static bool IsLetThrough(string answer) => Status(answer) is 101 or (>= 200 and < 400) || (Status(answer) is >= 400 and not 404 && !answer.Contains("(request ", StringComparison.Ordinal) && !answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase));

    public static string Decoded(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return answer;
        }

        var body = answer[(head + 4)..];
        var whole = answer[..head].Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? WithoutChunks(body) : body;
        var stream = WithoutFrames(whole);
        var text = new StringBuilder(answer).Append('\n').Append(whole).Append('\n').Append(stream).Append('\n').Append(Unescaped(whole));
        foreach (var encoded in Base64().Matches(answer[..head]).Select(found => found.Value).Concat(Base64().Matches(whole).Take(200).Select(found => found.Value)))
        {
            var bytes = new byte[encoded.Length];
            if (Convert.TryFromBase64String(encoded, bytes, out var length))
            {
                text.Append('\n').Append(Encoding.Latin1.GetString(bytes, 0, length));
            }
        }

        return text.ToString();
    }

    private static string WithoutChunks(string body)
    {
        var whole = new StringBuilder();
        for (var at = 0; body.IndexOf("\r\n", at, StringComparison.Ordinal) is > 0 and var line && int.TryParse(body.AsSpan(at, line - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) && length > 0; at = line + 2 + length + 2)
        {
            whole.Append(body, line + 2, Math.Max(0, Math.Min(length, body.Length - line - 2)));
            if (line + 2 + length + 2 > body.Length)
            {
                break;
            }
        }

        return whole.ToString();
    }

    /// <summary>Without the eight bytes before each piece of a multiplexed stream (one byte for the stream, three of zero, the length).</summary>
    private static string WithoutFrames(string stream)
    {
        var whole = new StringBuilder();
        for (var at = 0; at + 8 <= stream.Length && stream[at] <= 3 && stream[at + 1] == 0 && stream[at + 2] == 0 && stream[at + 3] == 0;)
        {
            var length = (stream[at + 4] << 24) | (stream[at + 5] << 16) | (stream[at + 6] << 8) | stream[at + 7];
            var held = Math.Min(length, stream.Length - at - 8);
            if (held < 0)
            {
                break;
            }

            whole.Append(stream, at + 8, held);
            at += 8 + held;
        }

        return whole.ToString();
    }

    private static string Unescaped(string json) => Escape().Replace(json, found => found.Value[1] == 'u' ? ((char)int.Parse(found.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString() : found.Value[1..]);

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\[^u]")]
    private static partial Regex Escape();

    [GeneratedRegex(@"[A-Za-z0-9+/]{16,}={0,2}")]
    private static partial Regex Base64();
}
