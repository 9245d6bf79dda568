using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>
/// Where everything in the policy files stands, by its path: <c>roles developer grants binds 0</c>. List items go by their
/// number, and by their <c>id</c> where they have one (<c>roles developer rules own-containers</c>).
/// </summary>
internal sealed class PolicyPlaces
{
    private readonly Dictionary<string, SourcePosition> _places = new(StringComparer.Ordinal);

    /// <summary>The place, or that of the nearest part above it that is known; null where nothing is.</summary>
    public SourcePosition? Of(params IReadOnlyList<string> path)
    {
        for (var length = path.Count; length > 0; length--)
        {
            if (_places.TryGetValue(Key(path.Take(length)), out var at)) return at;
        }

        return null;
    }

    /// <summary>The place of exactly this part, or null.</summary>
    public SourcePosition? Exactly(params IReadOnlyList<string> path) => _places.TryGetValue(Key(path), out var at) ? at : null;

    public void Add(YamlNode document) => Walk(document, "");

    private void Walk(YamlNode node, string above)
    {
        if (node is YamlMap map)
        {
            foreach (var (key, value) in map.Entries)
            {
                _places.TryAdd(above + key.Value, key.At);
                Walk(value, above + key.Value + "\n");
            }
        }
        else if (node is YamlList list)
        {
            for (var i = 0; i < list.Items.Count; i++)
            {
                var item = list.Items[i];
                var name = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
                _places.TryAdd(above + name, item.At);
                Walk(item, above + name + "\n");
                if ((item as YamlMap)?.Entries.FirstOrDefault(e => e.Key.Value == "id")?.Value is YamlText id)
                {
                    _places.TryAdd(above + id.Value, item.At);
                    Walk(item, above + id.Value + "\n");
                }
                else if (item is YamlText text)
                {
                    // A value of a list is found by its own text too.
                    _places.TryAdd(above + text.Value, item.At);
                }
            }
        }
    }

    private static string Key(IEnumerable<string> path) => string.Join('\n', path);
}
