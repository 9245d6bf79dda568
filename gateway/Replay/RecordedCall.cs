using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Wire;

namespace Gateway.Replay;

/// <summary>A decision as the audit log has it, ready to be made again.</summary>
internal sealed record RecordedCall
{
    private static readonly JsonDocumentOptions NoNameTwice = new() { AllowDuplicateProperties = false };
    public required long Seq { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string? User { get; init; }

    public required string Operation { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    /// <summary>The object in the path, as the caller wrote it.</summary>
    public string? Subject { get; init; }

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

    /// <summary>Where a local account called.</summary>
    public uint? Uid { get; init; }

    public IReadOnlyList<string> UnixGroups { get; init; } = [];

    public string Query { get; init; } = "";

    /// <summary>What the record leaves out of body and query.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>Null where nothing was looked up, as the operation itself was refused.</summary>
    public IReadOnlyList<RecordedObject>? Objects { get; init; }

    /// <summary>Containers that kept the name of the network that was made or removed.</summary>
    public IReadOnlyList<RecordedObject> NetworkUsers { get; init; } = [];

    public IReadOnlyDictionary<HostPathName, HostPathFact> HostPaths { get; init; } = new Dictionary<HostPathName, HostPathFact>();

    /// <summary>The engine's newest API version, of a request that says none.</summary>
    public int? EngineVersion { get; init; }

    /// <summary>The registries that credentials came along for.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    /// <summary>True where the record has nothing to decide on.</summary>
    public bool IsCut { get; init; }

    public ClientIdentity Identity => new(CallerName, Organizations, Spki is null ? null : new CertificateFacts("", "", Spki), "", null)
    {
        Account = Uid is { } uid && CallerName is { } name ? new LocalAccount(uid, name, UnixGroups) : null,
    };

    public RequestHead Head => new(Method, Query.Length == 0 ? Path : $"{Path}?{Query}", [.. Heads()], Body.Length, false);

    /// <summary>The decision in a line; null for a line that is none, or that was made before anything was decided by policy.</summary>
    public static RecordedCall? Parse(ReadOnlyMemory<byte> line) => Parse(line, out _);

    /// <param name="isBroken">True where the line is no record of any kind.</param>
    public static RecordedCall? Parse(ReadOnlyMemory<byte> line, out bool isBroken)
    {
        // Most of a log's other lines are told by this alone.
        var span = line.Span;
        if (span.IndexOf("\"event\":\"decision\""u8) < 0)
        {
            isBroken = span is not [(byte)'{', .., (byte)'}'] || span.IndexOf("\"event\":\""u8) < 0;
            return null;
        }

        try
        {
            isBroken = false;
            using var document = JsonDocument.Parse(line, NoNameTwice);
            var record = document.RootElement;
            return record.ValueKind == JsonValueKind.Object && Json.String(record, "event") == "decision" && Json.String(record, "operation") is { } operation && Json.String(record, "path") is { } path
                ? Parse(record, operation, path)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            isBroken = true;
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
            Subject = Json.String(Json.Member(record, "resource"), "name"),
            Allowed = Json.String(record, "decision") == "allow",
            Role = Json.String(record, "role"),
            Rule = Json.String(record, "rule"),
            Reason = Json.String(record, "reason") ?? "",
            WouldBeAllowed = Json.String(record, "would") == "allow",
            Fields = [.. Json.Strings(record, "fields")],
            CallerName = Json.String(caller, "name") ?? Json.String(record, "user"),
            Organizations = [.. Json.Strings(caller, "organizations")],
            Spki = Json.String(caller, "spki"),
            Uid = Json.Member(caller, "uid") is { ValueKind: JsonValueKind.Number } uid && uid.TryGetUInt32(out var number) ? number : null,
            UnixGroups = [.. Json.Strings(caller, "unix_groups")],
            Query = Json.String(input, "query") ?? "",
            LeftOut = [.. Json.Strings(input, "left_out")],
            Body = Json.Member(input, "body") is { ValueKind: JsonValueKind.Object or JsonValueKind.Array } body ? Encoding.UTF8.GetBytes(body.GetRawText()) : [],
            NetworkUsers = [.. Json.Items(Json.Member(input, "network_users")).Select(RecordedObject.Of)],
            HostPaths = Json.Items(Json.Member(input, "host_paths")).DistinctBy(Name).ToDictionary(Name, Fact),
            EngineVersion = (int?)Json.Number(input, "engine_version"),
            Registries = [.. Json.Strings(input, "registries")],
            Objects = Json.Member(input, "objects") is { ValueKind: JsonValueKind.Array } objects ? [.. objects.EnumerateArray().Select(RecordedObject.Of)] : null,
            IsCut = input.ValueKind != JsonValueKind.Object || Json.True(input, "cut"),
        };
    }

    /// <summary>The request as serve read it; what cannot be read again is a refusal in it.</summary>
    public EngineRequest Read() => RequestReader.Read(Head);

    /// <summary>Whether a decision about these fields rests on a value that the record leaves out.</summary>
    public bool LeavesOut(IReadOnlyList<string> fields) =>
        fields.Any(field => LeftOut.Select(left => left.TrimStart('?')).Any(left => field.StartsWith(left, StringComparison.Ordinal) || left.StartsWith(field, StringComparison.Ordinal)));

    /// <summary>The body, with the values of those labels that are asked for in place of their digests.</summary>
    public byte[] BodyWith(IReadOnlyList<KeyValuePair<string, string>> askedLabels)
    {
        if (askedLabels.Count == 0 || Body.Length == 0 || JsonNode.Parse(Body) is not JsonObject body || body["Labels"] is not JsonObject labels)
        {
            return Body;
        }

        foreach (var (name, digest) in labels.Select(label => (label.Key, label.Value?.GetValue<string>() ?? "")).ToList())
        {
            if (RecordedObject.Value(name, digest, askedLabels) is var value && askedLabels.Any(asked => asked.Key == name && asked.Value == value))
            {
                labels[name] = value;
            }
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    /// <summary>What was looked up for the decision; of paths that nobody looked at, that they are what a grant takes them for.</summary>
    /// <param name="askedLabels">Labels whose values a policy asks for.</param>
    public RequestFacts Facts(IReadOnlyList<KeyValuePair<string, string>> askedLabels, Func<string, bool> isAdministrator) => new()
    {
        Objects = (Objects ?? []).DistinctBy(o => (o.Kind, o.Reference)).ToDictionary(o => new ObjectReference(o.Kind, o.Reference), o => o.Build(askedLabels)),
        NetworkUsers = [.. NetworkUsers.Select(container => (container with { Kind = ObjectKind.Container }).Build(askedLabels)).OfType<EngineObject>()],
        IsAdministrator = isAdministrator,
        EngineVersion = EngineVersion,
        HostPaths = new HostPathFacts(HostPaths).Or(HostPathFacts.AsGranted),
    };

    private static HostPathName Name(JsonElement json) => new(Json.String(json, "path") ?? "", Json.String(json, "folder"));

    /// <summary>Whether somebody who owns an object of the call was an administrator then.</summary>
    public bool WasAdministrator(string owner) => Objects?.Any(found => found.IsAdministrators && found.Owner == owner) == true;

    private static HostPathFact Fact(JsonElement json) => new()
    {
        Kind = Enum.TryParse<HostPathKind>(Json.String(json, "kind"), out var kind) ? kind : HostPathKind.Unknown,
        Problem = Json.String(json, "problem"),
        NoSuidNoDev = Json.True(json, "nosuid_nodev"),
        HasMountsBelow = Json.True(json, "mounts_below"),
        HoldsBindOfContainer = Json.True(json, "bind_below"),
    };

    private IEnumerable<RequestHeader> Heads()
    {
        if (Body.Length > 0)
        {
            yield return new RequestHeader("Content-Type", "application/json");
        }

        if (Registries.Count > 0)
        {
            // Who the credentials were of is not recorded; what counts is whom they were for.
            var auth = Operation == "ImageBuild"
                ? new RegistryAuth(null, Registries.Distinct().ToDictionary(host => host, _ => new AuthBody()))
                : new RegistryAuth(new AuthBody { ServerAddress = Registries[0] }, new Dictionary<string, AuthBody>());
            yield return new RequestHeader(auth.Head.Key, auth.Head.Value);
        }
    }
}
