using Gateway.EngineApi.Documents;

namespace Gateway.Audit;

/// <summary>What a record keeps below one field of a body.</summary>
/// <param name="Members">By their folded names; what is not among them is <paramref name="Rest"/>'s.</param>
/// <param name="Rest">For members that are not named, the keys of free maps among them; null leaves them out.</param>
/// <param name="NamesOnly">Texts become empty and numbers zero: the names of a map are kept, its values are not.</param>
internal sealed record RecordedField(IReadOnlyDictionary<string, (string Name, RecordedField Field)> Members, RecordedField? Rest, bool NamesOnly)
{
    private static readonly Dictionary<string, (string, RecordedField)> None = [];

    /// <summary>The whole value.</summary>
    public static RecordedField Whole { get; } = Everything(namesOnly: false);

    /// <summary>The names of a map, or the length of a list; no value.</summary>
    public static RecordedField Names { get; } = Everything(namesOnly: true);

    /// <summary>Only these members.</summary>
    /// <param name="whole">Names of members that are kept whole, separated by spaces.</param>
    public static RecordedField Of(string whole, params (string Name, RecordedField Field)[] others) => With(whole, null, others);

    /// <summary>These members, and of all others what <paramref name="rest"/> says.</summary>
    public static RecordedField With(string whole, RecordedField? rest, params (string Name, RecordedField Field)[] others)
    {
        var members = whole.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => (Name: name, Field: Whole)).Concat(others);
        return new RecordedField(members.ToDictionary(m => FieldName.Fold(m.Name), m => (m.Name, m.Field), StringComparer.Ordinal), rest, false);
    }

    public (string Name, RecordedField Field)? Find(string folded) => Members.TryGetValue(folded, out var found) ? found : null;

    private static RecordedField Everything(bool namesOnly)
    {
        // A free map's own maps are kept as it is itself.
        var leaf = new RecordedField(None, null, namesOnly);
        for (var depth = 0; depth < 8; depth++)
        {
            leaf = new RecordedField(None, leaf, namesOnly);
        }

        return leaf;
    }
}
