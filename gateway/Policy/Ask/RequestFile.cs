using System.Text;
using System.Text.Json;
using Gateway.Objects;
using Gateway.Offline;
using Gateway.Replay;
using Gateway.Wire;

namespace Gateway.Policy.Ask;

/// <summary>A request kept in a file: <c>METHOD target</c>, heads, an empty line and the body; or one record of the audit log.</summary>
/// <param name="User">Who made it, where the file says so.</param>
internal sealed record RequestFile(OfflineRequest Request, string? User, IReadOnlyDictionary<ObjectReference, EngineObject?> Known)
{
    /// <summary>The O values of the caller's certificate, where a record says them.</summary>
    public IReadOnlyList<string> Organizations { get; init; } = [];

    /// <summary>What was seen of the host's paths, where a record says so.</summary>
    public bool? HostPathsAreSafe { get; init; }

    /// <summary>What a record says of the decision that was made then.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    private const int MaxBytes = 8 << 20;

    /// <param name="askedLabels">Labels whose values a policy asks for: a record has digests of them.</param>
    /// <exception cref="FormatException">It is neither; the message begins with the file and the place.</exception>
    public static RequestFile Read(string path, IReadOnlyList<KeyValuePair<string, string>>? askedLabels = null)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
        {
            throw new FormatException($"{path}: longer than 8 MiB");
        }

        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? OfRecord(path, bytes, askedLabels ?? []) : OfText(path, bytes);
    }

    private static RequestFile OfText(string path, byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var heads = new List<RequestHeader>();
        var (at, number, method, target) = (0, 0, "", "");
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at);
            var line = (end < 0 ? text[at..] : text[at..end]).TrimEnd('\r');
            at = end < 0 ? text.Length : end + 1;
            number++;
            if (number == 1)
            {
                var words = line.Split(' ');
                if (words.Length is < 2 or > 3 || words[0].Length == 0 || !words[0].All(char.IsAsciiLetter) || words[1].Length == 0)
                {
                    throw new FormatException($"{path}:1:1: expected METHOD and target, as in GET /containers/json");
                }

                (method, target) = (words[0], words[1]);
            }
            else if (line.Length == 0)
            {
                break;
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                heads.Add(colon > 0 ? new RequestHeader(line[..colon], line[(colon + 1)..].Trim())
                    : throw new FormatException($"{path}:{number}:1: expected a head as Name: value, or an empty line before the body"));
            }
        }

        if (number == 0)
        {
            throw new FormatException($"{path}:1:1: the file is empty; write METHOD and target");
        }

        var body = bytes[at..];

        // A text editor ends the last line; JSON does not mind, and a body of white space is none.
        body = body.AsSpan().Trim(" \t\r\n"u8).ToArray();
        if (body.Length > 0 && !heads.Exists(head => head.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
        {
            heads.Add(new RequestHeader("Content-Type", "application/json"));
        }

        return new RequestFile(new OfflineRequest(method, target, heads, body), null, new Dictionary<ObjectReference, EngineObject?>());
    }

    /// <summary>A record holds what its decision was made on: request, body and objects as they were then.</summary>
    private static RequestFile OfRecord(string path, byte[] bytes, IReadOnlyList<KeyValuePair<string, string>> askedLabels)
    {
        var line = bytes.AsMemory().Trim(" \t\r\n"u8);
        try
        {
            using var document = JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: not one JSON object: a request begins with its method, an audit record is one line");
        }

        if (RecordedCall.Parse(line) is not { } call)
        {
            throw new FormatException($"{path}: not the record of a decision on an operation; audit-log query --format json --event decision finds some");
        }

        var facts = call.Facts(askedLabels, _ => false);
        bool? pathsAreSafe = call.HostPaths.Count == 0 ? null : call.HostPaths.Values.All(fact => fact.Problem is null);
        return new RequestFile(
            new OfflineRequest(call.Method, call.Head.Target, call.Head.Headers, call.BodyWith(askedLabels)), call.CallerName ?? call.User, facts.Objects)
        {
            Organizations = call.Organizations,
            HostPathsAreSafe = pathsAreSafe,
            Remarks = [.. WasDecided(call)],
        };
    }

    private static IEnumerable<string> WasDecided(RecordedCall call)
    {
        yield return $"recorded {call.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, seq {call.Seq}: {(call.Allowed ? $"allowed by rule \"{call.Rule}\" of role \"{call.Role}\"" : $"denied: {call.Reason}")}";
        if (call.IsCut || call.Objects is null)
        {
            yield return call.IsCut ? "the record was too long to hold body and objects" : "its operation was refused as such, so neither body nor objects were looked at";
        }

        if (call.LeftOut.Count > 0)
        {
            yield return $"the record leaves out: {string.Join(", ", call.LeftOut)}";
        }
    }
}
