using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Wire;

/// <summary>
/// The strict reading of a request head (RFC 9112, threats §2.2): whatever two readers could take differently is a defect.
/// </summary>
internal static class RequestHeadParser
{
    public const int MaxHead = 32 << 10;
    private const int MaxTarget = 8 << 10;
    private const int MaxFields = 100;

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Headers of which a second one could change what another reader sees.</summary>
    private static readonly HashSet<string> Single = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Content-Type", "Content-Encoding", "Expect", "Upgrade", "X-Registry-Auth", "X-Registry-Config",
        "X-Docker-Expose-Session-Uuid", "X-Docker-Expose-Session-Name", "X-Docker-Expose-Session-Sharedkey", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
    };

    /// <summary>Reads a head that ends with an empty line.</summary>
    public static RequestHead Parse(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text.Any(c => c is not ('\r' or '\n' or '\t') && c is < ' ' or > '~'))
        {
            return RequestHead.Broken(400, "the request's head holds a byte that is not printable ASCII; escape it");
        }

        var lines = text.Split("\r\n");
        if (lines.Any(line => line.AsSpan().ContainsAny('\r', '\n')))
        {
            return RequestHead.Broken(400, "a line of the request's head does not end with CR LF");
        }

        var request = lines[0].Split(' ');
        if (request.Length != 3 || request[0].Length == 0 || request[0].AsSpan().ContainsAnyExcept(Token) || request[1].Length == 0 || lines[0].Contains('\t'))
        {
            return RequestHead.Broken(400, "the request line is not \"METHOD target HTTP/1.1\"");
        }

        if (request[2] != "HTTP/1.1")
        {
            return request[0] == "PRI"
                ? RequestHead.Broken(400, "HTTP/2 is not spoken here; use HTTP/1.1")
                : RequestHead.Broken(505, "only HTTP/1.1 is spoken here");
        }

        return request[1].Length > MaxTarget
            ? RequestHead.Broken(414, $"the request target is longer than {MaxTarget} bytes")
            : ReadFields(request[0], request[1], lines[1..^2]);
    }

    private static RequestHead ReadFields(string method, string target, string[] lines)
    {
        if (lines.Length > MaxFields)
        {
            return RequestHead.Broken(431, $"the request has more than {MaxFields} header fields");
        }

        List<RequestHeader> headers = [];
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan(0, colon).ContainsAnyExcept(Token))
            {
                return RequestHead.Broken(400, "a header line is not \"Name: value\" on one line");
            }

            var name = line[..colon];
            if (Single.Contains(name) && headers.Exists(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return RequestHead.Broken(400, $"header {name} stands more than once");
            }

            headers.Add(new RequestHeader(name, line[(colon + 1)..].Trim(' ', '\t')));
        }

        return CheckFraming(new RequestHead(method, target, headers, null, false));
    }

    private static RequestHead CheckFraming(RequestHead head)
    {
        var length = head.Header("Content-Length");
        var coding = head.Header("Transfer-Encoding");
        var defect = head switch
        {
            // Empty is what Docker's client sends on a hijacked connection (RFC 9112 §3.2: a target without an authority); none is forwarded.
            _ when head.Header("Host") is null => new RequestDefect(400, "header Host is missing"),
            _ when length is not null && coding is not null => new RequestDefect(400, "Content-Length and Transfer-Encoding stand together"),
            _ when coding is not null && !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) =>
                new RequestDefect(400, "Transfer-Encoding is not exactly \"chunked\""),
            _ when length is not null && (length.Length is 0 or > 18 || !length.All(char.IsAsciiDigit)) =>
                new RequestDefect(400, "Content-Length is not a plain decimal number"),
            _ when head.Header("Expect") is { } expect && !expect.Equals("100-continue", StringComparison.OrdinalIgnoreCase) =>
                new RequestDefect(417, "only \"Expect: 100-continue\" is understood"),
            _ when head.Header("Content-Encoding") is { } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) =>
                new RequestDefect(415, "Content-Encoding is not understood; send the body as it is"),
            _ => null,
        };
        if (defect is not null)
        {
            return head with { Defect = defect };
        }

        head = head with
        {
            ContentLength = length is null ? null : long.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture),
            Chunked = coding is not null,
        };

        // Of the Engine API's methods only these two carry bodies; for any other, where its end is would be a matter of opinion.
        return head.HasBody && head.Method is not ("POST" or "PUT")
            ? head with { Defect = new RequestDefect(400, $"a {head.Method} request has no body") }
            : head;
    }
}
