using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.EngineApi;

/// <summary>
/// The one canonical reading of a request target (threats §2.1): what the engine's router could read in two ways is 400.
/// </summary>
/// <param name="Version">The minor number of the <c>/v1.N</c> prefix; null where the path is bare.</param>
/// <param name="Segments">The decoded segments behind the prefix.</param>
/// <param name="RawQuery">What follows the <c>?</c>, undecoded; empty where nothing does.</param>
internal sealed record EnginePath(int? Version, IReadOnlyList<string> Segments, string RawQuery)
{
    private const int OldestVersion = 24;

    private static readonly SearchValues<char> VersionText = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> TwoWays = SearchValues.Create("/\\%;#? ");

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(";#\\ \"<>^`{|}");

    /// <exception cref="RequestRefusedException">The target can be read in two ways, or not at all.</exception>
    public static EnginePath Parse(string target)
    {
        if (target.Length == 0 || target[0] != '/')
        {
            throw Refuse("the request target does not start with \"/\"");
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? target : target[..question];
        var query = question < 0 ? "" : target[(question + 1)..];
        if (path.AsSpan().ContainsAny(Forbidden) || query.Contains('#', StringComparison.Ordinal) || target.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw Refuse("the request target holds a character that has no place in a path");
        }

        var segments = path[1..].Split('/').Select(Decode).ToList();
        if (segments.Any(segment => segment is "" or "." or ".."))
        {
            throw Refuse("the request target holds an empty or dot segment, or ends with a slash");
        }

        return IsVersion(segments[0])
            ? new EnginePath(Minor(segments[0]), segments[1..], query)
            : new EnginePath(null, segments, query);
    }

    private static bool IsVersion(string segment) => segment.Length > 1 && segment[0] == 'v' && !segment.AsSpan(1).ContainsAnyExcept(VersionText);

    private static int Minor(string segment)
    {
        var text = segment.StartsWith("v1.", StringComparison.Ordinal) ? segment[3..] : "";
        return text.Length is > 0 and <= 3
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            && minor.ToString(CultureInfo.InvariantCulture) == text
            && minor >= OldestVersion
            ? minor
            : throw Refuse($"API version \"{segment}\" is not v1.{OldestVersion} or newer, in plain digits");
    }

    private static string Decode(string segment)
    {
        if (!segment.Contains('%', StringComparison.Ordinal))
        {
            return segment;
        }

        var decoded = PercentText.Decode(segment, plusIsSpace: false);
        return decoded.AsSpan().ContainsAny(TwoWays) || decoded.Any(char.IsControl)
            ? throw Refuse("the request target holds an escape that could be read in two ways; write names plainly")
            : decoded;
    }

    private static RequestRefusedException Refuse(string message) => new(400, message);
}

/// <summary>Percent-decoding as Go's net/url does it, but refusing what is not UTF-8.</summary>
internal static class PercentText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <exception cref="RequestRefusedException">An escape is cut or not hexadecimal, or the bytes are not UTF-8.</exception>
    public static string Decode(string text, bool plusIsSpace)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    throw new RequestRefusedException(400, "the request target holds a broken % escape");
                }

                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add(plusIsSpace && text[i] == '+' ? (byte)' ' : (byte)text[i]);
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new RequestRefusedException(400, "the request target holds escapes that are not UTF-8");
        }
    }

    /// <summary>Escapes everything but RFC 3986's unreserved characters.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);
}
