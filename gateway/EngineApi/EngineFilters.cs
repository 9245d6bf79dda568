using System.Text;
using System.Text.Json;
using Gateway.EngineApi.Query;

namespace Gateway.EngineApi;

/// <summary>
/// The <c>filters</c> parameter, read in both of the engine's formats and written in the list form (moby <c>api/types/filters</c>).
/// Values of one key are alternatives, but for <c>label</c>, all of which must hold: adding an owner's label is therefore safe.
/// </summary>
internal sealed class EngineFilters
{
    private const int MaxValues = 100;
    private const int MaxValue = 1024;
    private readonly SortedDictionary<string, List<string>> values = new(StringComparer.Ordinal);

    public bool IsEmpty => values.Count == 0;

    public IReadOnlyList<string> Get(string key) => values.TryGetValue(key, out var found) ? found : [];

    /// <exception cref="RequestRefusedException">The text is no filter, or names a key or a label that a caller may not use.</exception>
    public static EngineFilters Parse(string? text, EngineOperation operation)
    {
        var filters = new EngineFilters();
        if (string.IsNullOrEmpty(text) || text == "null")
        {
            return filters;
        }

        try
        {
            // Keys are exact, and of a repeated one the engine would take the last.
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (Values(entry.Value).Distinct(StringComparer.Ordinal).ToList() is { Count: > 0 } list)
                {
                    filters.values[entry.Name] = list;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new RequestRefusedException(400, "query parameter \"filters\" is not {\"key\":[\"value\"]} with each key once", "filters");
        }

        return filters.Checked(operation);
    }

    /// <summary>Adds a value; for <c>label</c> a further condition.</summary>
    public EngineFilters With(string key, string value)
    {
        var copy = new EngineFilters();
        foreach (var (name, list) in values)
        {
            copy.values[name] = [.. list];
        }

        if (!copy.values.TryAdd(key, [value]))
        {
            copy.values[key].Add(value);
        }

        return copy;
    }

    /// <summary>With these values alone.</summary>
    public EngineFilters WithAll(string key, IEnumerable<string> all)
    {
        var copy = new EngineFilters();
        foreach (var (name, list) in values.Where(entry => entry.Key != key))
        {
            copy.values[name] = list;
        }

        copy.values[key] = [.. all];
        return copy;
    }

    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, list) in values)
            {
                json.WriteStartArray(name);
                list.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A list of values, or the older map of them, whose booleans no engine looks at.</summary>
    private static IEnumerable<string> Values(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray().Select(v => v.GetString() ?? throw new JsonException())
        : element.EnumerateObject().Where(v => v.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? true : throw new JsonException()).Select(v => v.Name);

    private EngineFilters Checked(EngineOperation operation)
    {
        if (values.Values.Sum(list => list.Count) > MaxValues || values.Values.Any(list => list.Exists(v => v.Length > MaxValue)))
        {
            throw new RequestRefusedException(400, $"query parameter \"filters\" holds more than {MaxValues} values, or one over {MaxValue} characters", "filters");
        }

        var keys = FilterKeys.Of(operation);
        foreach (var (name, list) in values)
        {
            if (!keys.Contains(name))
            {
                throw new RequestRefusedException(400, $"{operation} has no such filter; it has {string.Join(", ", keys)}", "filters");
            }

            if (list.Exists(value => value.Any(char.IsControl)))
            {
                throw new RequestRefusedException(400, $"a value of filter \"{name}\" holds a control character", "filters");
            }

            if (name is "label" or "label!" && list.Exists(OwnerLabel.IsReserved))
            {
                throw new RequestRefusedException(400, $"labels that start with \"{OwnerLabel.Prefix}\" are the gateway's own: {operation} cannot filter by them", "filters");
            }
        }

        return this;
    }
}
