using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;

namespace Gateway.Audit;

/// <summary>What a record keeps below one field of a body.</summary>
/// <param name="Members">Fields by their folded names, or with <paramref name="Rest"/> keys of a map as they are.</param>
/// <param name="Rest">For all other keys of a map; null for what is no map.</param>
/// <param name="NamesOnly">Texts become empty and numbers zero: the names of a map and the length of a list are kept, no value is.</param>
internal sealed record RecordedField(IReadOnlyDictionary<string, (string Name, RecordedField Field)> Members, RecordedField? Rest, bool NamesOnly)
{
    private static readonly Dictionary<string, (string, RecordedField)> None = [];
    private static readonly RecordedField Whole = new(None, new(None, null, NamesOnly: false), NamesOnly: false);
    private static readonly RecordedField Names = new(None, new(None, null, NamesOnly: true), NamesOnly: true);
    private static readonly RecordedField Digested = new(None, new(None, null, NamesOnly: true) { Digests = true }, NamesOnly: true);

    /// <summary>Texts become their digests.</summary>
    public bool Digests { get; private init; }

    public (string Name, RecordedField Field)? Find(string name) => Members.TryGetValue(Rest is null ? FieldName.Fold(name) : name, out var found) ? found : null;

    /// <summary>The operation's document with what <see cref="OperationChecks.Recorded"/> and <see cref="SecretFields"/> say of each field of it; null where nothing is kept.</summary>
    public static RecordedField? Of(OperationChecks checks) => checks.Document is { } document ? Of(DocumentShape.Of(document), "", checks) : null;

    private static RecordedField? Of(DocumentShape shape, string path, OperationChecks checks) => shape.Kind switch
    {
        ValueKind.Structure when shape.Fields.Count > 0 => Structure(shape, path, checks),
        ValueKind.List => shape.Entry is { Kind: ValueKind.Structure, Fields.Count: > 0 } entry ? Of(entry, path, checks) : Leaf(path, checks),
        ValueKind.Map when shape.Entry is { Kind: ValueKind.Structure, Fields.Count: > 0 } or { Kind: ValueKind.List, Entry.Fields.Count: > 0 } => Map(shape.Entry!, path, checks),
        _ => Leaf(path, checks),
    };

    private static RecordedField? Structure(DocumentShape shape, string path, OperationChecks checks)
    {
        var members = new Dictionary<string, (string, RecordedField)>(StringComparer.Ordinal);
        foreach (var field in shape.Fields.Values)
        {
            if (Of(field.Shape, path.Length == 0 ? field.Name : $"{path}.{field.Name}", checks) is { } kept)
            {
                members[FieldName.Fold(field.Name)] = (field.Name, kept);
            }
        }

        return members.Count == 0 ? null : new RecordedField(members, null, false);
    }

    /// <summary>A map of structures: its names are a value of their own.</summary>
    private static RecordedField? Map(DocumentShape entry, string path, OperationChecks checks) =>
        Of(entry, path, checks) is { } kept ? new RecordedField(None, kept, false) : Leaf(path, checks) is null ? null : Names;

    private static RecordedField? Leaf(string path, OperationChecks checks) => SecretFields.Find(path) switch
    {
        null => checks.Records(path) ? Whole : null,
        { NamesStay: false } => null,
        { DigestsStay: true } => Digested,
        { Harmless: [] } => Names,
        var secret => new RecordedField(secret.Harmless.ToDictionary(name => name, name => (name, Whole), StringComparer.Ordinal), Names, NamesOnly: true),
    };
}
