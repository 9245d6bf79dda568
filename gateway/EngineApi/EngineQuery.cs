using Gateway.EngineApi.Query;

namespace Gateway.EngineApi;

/// <summary>
/// The query of one request: every name known to the operation, every value read as the engine reads it and written anew
/// (threats §2.3). Immutable.
/// </summary>
internal sealed record EngineQuery
{
    private const int MaxValues = 200;

    private readonly IReadOnlyList<KeyValuePair<string, string>> values;

    private EngineQuery(IReadOnlyList<KeyValuePair<string, string>> values) => this.values = values;

    public static EngineQuery Empty { get; } = new([]);

    /// <exception cref="RequestRefusedException">A name is unknown or repeated, or a value is not of its parameter's type.</exception>
    public static EngineQuery Parse(string raw, EngineOperation operation)
    {
        if (raw.Contains(';', StringComparison.Ordinal))
        {
            throw new RequestRefusedException(400, "the query holds \";\"; separate parameters with \"&\"");
        }

        var known = QueryCatalogue.Of(operation);
        List<KeyValuePair<string, string>> values = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (var pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = PercentText.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true);
            var value = equals < 0 ? "" : PercentText.Decode(pair[(equals + 1)..], plusIsSpace: true);
            if (QueryCatalogue.SaysNothing(operation, name, value))
            {
                continue;
            }

            if (known.FirstOrDefault(p => p.Name == name) is not { } parameter)
            {
                throw new RequestRefusedException(400, $"unknown query parameter \"{Shown(name)}\" for {operation}", Shown(name));
            }

            if (!parameter.Repeats && !seen.Add(name))
            {
                throw new RequestRefusedException(400, $"query parameter \"{name}\" stands more than once", name);
            }

            if (parameter.Read(name, value, operation) is { } read)
            {
                values.Add(new(name, read));
            }

            if (values.Count > MaxValues)
            {
                throw new RequestRefusedException(400, $"the query has more than {MaxValues} values");
            }
        }

        return new EngineQuery(values);
    }

    public bool Has(string name) => values.Any(v => v.Key == name);

    /// <summary>The value; null where the caller did not say.</summary>
    public string? Get(string name) => values.FirstOrDefault(v => v.Key == name).Value;

    public IReadOnlyList<string> GetAll(string name) => [.. values.Where(v => v.Key == name).Select(v => v.Value)];

    public bool IsTrue(string name) => Get(name) == "1";

    public EngineQuery With(string name, string value) => WithAll(name, [value]);

    public EngineQuery WithAll(string name, IEnumerable<string> all) =>
        new([.. values.Where(v => v.Key != name), .. all.Select(value => KeyValuePair.Create(name, value))]);

    public EngineQuery Without(string name) => WithAll(name, []);

    /// <summary>With its question mark, or empty.</summary>
    public override string ToString() =>
        values.Count == 0 ? "" : "?" + string.Join('&', values.Select(v => PercentText.Encode(v.Key) + "=" + PercentText.Encode(v.Value)));

    /// <summary>A caller's word for a message: on one line, and not long.</summary>
    public static string Shown(string name) => new([.. name.Take(64).Select(c => char.IsControl(c) ? '?' : c)]);
}
