using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Wire;

namespace Gateway.Replay;

/// <summary>A decision as the audit log has it, ready to be made again.</summary>
internal sealed record RecordedCall
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement.Clone();

    public required long Seq { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string? User { get; init; }

    public required string Operation { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required bool Allowed { get; init; }

    public string? Role { get; init; }

    public string? Rule { get; init; }

    public required string Reason { get; init; }

    /// <summary>With <c>serve --learn</c>: a wider role had allowed it.</summary>
    public bool WouldBeAllowed { get; init; }

    public required IReadOnlyList<string> Fields { get; init; }

    public string? CallerName { get; init; }

    public IReadOnlyList<string> Organizations { get; init; } = [];

    public string? Spki { get; init; }

    public string Query { get; init; } = "";

    /// <summary>What the record leaves out of body and query.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Null where nothing was looked up, as the operation itself was refused.</summary>
    public IReadOnlyList<RecordedObject>? Objects { get; init; }

    /// <summary>True where the record has nothing to decide on.</summary>
    public bool IsCut { get; init; }

    public ClientIdentity Identity => new(CallerName, Organizations, Spki is null ? null : new CertificateFacts("", "", Spki), "", null);

    public RequestHead Head => new(
        Method, Query.Length == 0 ? Path : $"{Path}?{Query}", Body.Length == 0 ? [] : [new RequestHeader("Content-Type", "application/json")], Body.Length, false);

    /// <summary>The decision in a line; null for a line that is none, or that was made before anything was decided by policy.</summary>
    public static RecordedCall? Parse(ReadOnlyMemory<byte> line)
    {
        // Most of a log's other lines are told by this alone.
        if (line.Span.IndexOf("\"event\":\"decision\""u8) < 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line);
            var record = document.RootElement;
            return record.ValueKind == JsonValueKind.Object && Json.String(record, "event") == "decision" && Json.String(record, "operation") is { } operation && Json.String(record, "path") is { } path
                ? Parse(record, operation, path)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static RecordedCall Parse(JsonElement record, string operation, string path)
    {
        var input = Json.Member(record, "input");
        var caller = Json.Member(input, "caller");
        return new RecordedCall
        {
            Seq = Json.Member(record, "seq") is { ValueKind: JsonValueKind.Number } seq ? seq.GetInt64() : 0,
            Time = DateTimeOffset.TryParse(Json.String(record, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default,
            User = Json.String(record, "user"),
            Operation = operation,
            Method = Json.String(record, "method") ?? "",
            Path = path,
            Allowed = Json.String(record, "decision") == "allow",
            Role = Json.String(record, "role"),
            Rule = Json.String(record, "rule"),
            Reason = Json.String(record, "reason") ?? "",
            WouldBeAllowed = Json.String(record, "would") == "allow",
            Fields = [.. Json.Strings(record, "fields")],
            CallerName = Json.String(caller, "name") ?? Json.String(record, "user"),
            Organizations = [.. Json.Strings(caller, "organizations")],
            Spki = Json.String(caller, "spki"),
            Query = Json.String(input, "query") ?? "",
            LeftOut = [.. Json.Strings(input, "left_out")],
            Body = Json.Member(input, "body") is { ValueKind: JsonValueKind.Object } body ? Encoding.UTF8.GetBytes(body.GetRawText()) : [],
            Objects = Json.Member(input, "objects") is { ValueKind: JsonValueKind.Array } objects ? [.. objects.EnumerateArray().Select(RecordedObject.Of)] : null,
            IsCut = input.ValueKind != JsonValueKind.Object || Json.True(input, "cut"),
        };
    }

    /// <summary>The objects as the evaluator takes them; a label's value comes back where a selector of the policy asks for just that one.</summary>
    public Dictionary<ObjectReference, EngineObject?> Found(IReadOnlyList<KeyValuePair<string, string>> askedLabels) =>
        (Objects ?? []).DistinctBy(o => (o.Kind, o.Reference)).ToDictionary(o => new ObjectReference(o.Kind, o.Reference), o => o.Build(askedLabels, Nothing));
}

/// <summary>An object that a recorded request named.</summary>
internal sealed record RecordedObject(ObjectKind Kind, string Reference, string? Id, string Name, string? Owner)
{
    public IReadOnlyList<string> ImageNames { get; init; } = [];

    /// <summary>Names with digests of values.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string? Image { get; init; }

    /// <summary><c>SOURCE:rw</c> or <c>SOURCE:ro</c>.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    public static RecordedObject Of(JsonElement json) => new(
        Enum.TryParse<ObjectKind>(Json.String(json, "kind"), out var kind) ? kind : ObjectKind.None,
        Json.String(json, "ref") ?? "",
        Json.String(json, "id"),
        Json.String(json, "name") ?? "",
        Json.String(json, "owner"))
    {
        ImageNames = [.. Json.Strings(json, "names")],
        Labels = Json.Map(Json.Member(json, "labels")),
        Image = Json.String(json, "image"),
        Binds = [.. Json.Strings(json, "binds")],
    };

    public EngineObject? Build(IReadOnlyList<KeyValuePair<string, string>> askedLabels, JsonElement nothing)
    {
        if (Id is null)
        {
            return null;
        }

        var labels = askedLabels.Count == 0 || Labels.Count == 0
            ? []
            : askedLabels.Where(asked => Labels.GetValueOrDefault(asked.Key) == RecordedInput.Digest(asked.Key, asked.Value)).DistinctBy(asked => asked.Key).ToDictionary(asked => asked.Key, asked => asked.Value, StringComparer.Ordinal);
        if (Owner is not null)
        {
            labels[OwnerLabel.Name] = Owner;
        }

        return new EngineObject(Kind, Id, Name, Owner, labels, Image is null && Binds.Count == 0 ? nothing : Raw()) { ImageNames = ImageNames };
    }

    private JsonElement Raw()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("Config");
            json.WriteString(nameof(Image), Image);
            json.WriteEndObject();
            json.WriteStartArray("Mounts");
            foreach (var bind in Binds)
            {
                json.WriteStartObject();
                json.WriteString("Type", "bind");
                json.WriteString("Source", bind[..^3]);
                json.WriteBoolean("RW", bind.EndsWith(":rw", StringComparison.Ordinal));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }
}
