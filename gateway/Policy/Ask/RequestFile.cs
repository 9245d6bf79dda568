using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Offline;
using Gateway.Wire;

namespace Gateway.Policy.Ask;

/// <summary>A request kept in a file: <c>METHOD target</c>, heads, an empty line and the body; or one record of the audit log.</summary>
/// <param name="User">Who made it, where the file says so.</param>
internal sealed record RequestFile(OfflineRequest Request, string? User, IReadOnlyDictionary<ObjectReference, EngineObject?> Known)
{
    private const int MaxBytes = 8 << 20;

    /// <exception cref="FormatException">It is neither; the message begins with the file and the place.</exception>
    public static RequestFile Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes })
        {
            throw new FormatException($"{path}: longer than 8 MiB");
        }

        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? OfRecord(path, bytes) : OfText(path, bytes);
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

    private static RequestFile OfRecord(string path, byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var record = document.RootElement;
            var (method, target) = (Json.String(record, "method"), Json.String(record, "path"));
            if (method is null || target is null)
            {
                throw new FormatException($"{path}: an audit record has \"method\" and \"path\"");
            }

            // Records keep no bodies: the smallest one stands for it.
            var operation = Json.String(record, "operation") is { } name ? OperationCatalogue.Find(name) : null;
            var request = operation?.Body == BodyKind.Json && operation.Name != "ExecStart"
                ? OperationRequest.Of(operation, target, null, "docker.io/library/busybox:latest")
                : OfflineRequest.Of(method, target);
            return new RequestFile(request, Json.String(record, "user"), Resource(Json.Member(record, "resource"), operation));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{path}:{(e.LineNumber ?? 0) + 1}:{(e.BytePositionInLine ?? 0) + 1}: not one JSON object: a request begins with its method, an audit record is one line");
        }
    }

    private static Dictionary<ObjectReference, EngineObject?> Resource(JsonElement resource, EngineOperation? operation)
    {
        if (operation is null || Json.String(resource, "name") is not { } name)
        {
            return [];
        }

        var kind = operation.Name == "ContainerExec" ? ObjectKind.Container : operation.Object;
        var owner = Json.String(resource, "owner");
        var labels = owner is null ? new Dictionary<string, string>() : new() { [OwnerLabel.Name] = owner };
        using var none = JsonDocument.Parse("{}");
        var found = Json.String(resource, "id") is { } id
            ? new EngineObject(kind, id, name, owner, labels, none.RootElement.Clone()) { ImageNames = ImageReference.TryParse(name, out var image) ? [image.Canonical] : [] }
            : null;
        return new() { [new ObjectReference(kind, name)] = found };
    }
}
