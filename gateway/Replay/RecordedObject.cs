using System.Text.Json;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Replay;

/// <summary>An object that a recorded request named.</summary>
internal sealed record RecordedObject(ObjectKind Kind, string Reference, string? Id, string Name, string? Owner)
{
    /// <summary>What stands for a label's value that nobody asks for: no policy file can hold it.</summary>
    private const string Unknown = "\0";

    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement.Clone();

    public IReadOnlyList<string> ImageNames { get; init; } = [];

    /// <summary>Of a network: its owner was an administrator, so that it could be shared by its name.</summary>
    public bool IsAdministrators { get; init; }

    /// <summary>Names with digests of values.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What the record keeps of the engine's inspect answer.</summary>
    public JsonElement Inspect { get; init; } = Nothing;

    public static RecordedObject Of(JsonElement json) => new(
        Enum.TryParse<ObjectKind>(Json.String(json, "kind"), out var kind) ? kind : ObjectKind.None,
        Json.String(json, "ref") ?? "",
        Json.String(json, "id"),
        Json.String(json, "name") ?? "",
        Json.String(json, "owner"))
    {
        ImageNames = [.. Json.Strings(json, "names")],
        IsAdministrators = Json.True(json, "administrators"),
        Labels = Json.Map(Json.Member(json, "labels")),
        Inspect = Json.Member(json, "inspect") is { ValueKind: JsonValueKind.Object } inspect ? inspect.Clone() : Nothing,
    };

    /// <summary>The object as the evaluator takes it; a label's value comes back where a selector of the policy asks for just that one.</summary>
    public EngineObject? Build(IReadOnlyList<KeyValuePair<string, string>> askedLabels)
    {
        if (Id is null)
        {
            return null;
        }

        var labels = Labels.ToDictionary(label => label.Key, label => Value(label.Key, label.Value, askedLabels), StringComparer.Ordinal);
        if (Owner is not null)
        {
            labels[OwnerLabel.Name] = Owner;
        }

        return new EngineObject(Kind, Id, Name, Owner, labels, Inspect)
        {
            ImageNames = ImageNames,
            ImageName = Kind == ObjectKind.Container ? Json.String(Json.Member(Inspect, "Config"), "Image") ?? "" : "",
        };
    }

    /// <summary>The value that a digest is of, if one of those asked for.</summary>
    public static string Value(string name, string digest, IReadOnlyList<KeyValuePair<string, string>> askedLabels)
    {
        foreach (var asked in askedLabels)
        {
            if (asked.Key == name && RecordedInput.Digest(name, asked.Value) == digest)
            {
                return asked.Value;
            }
        }

        return Unknown;
    }
}
