using System.Diagnostics.CodeAnalysis;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>
/// Binds one mapping of a policy file: the keys it may have are named up front, every other is an error, and each value is read
/// as text by the type that it must have. The one way from YAML to values.
/// </summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, YamlEntry> _entries;
    private readonly Findings _findings;

    private MapReader(YamlMap map, Findings findings, string[] keys)
    {
        At = map.At;
        _findings = findings;
        _entries = map.Entries.ToDictionary(e => e.Key.Value, StringComparer.Ordinal);
        foreach (var key in map.Entries.Select(e => e.Key).Where(k => !keys.Contains(k.Value)))
        {
            findings.Error(key.At, $"unknown key {Quoted.Text(key.Value)}{Spelling.Hint(key.Value, keys)}");
        }
    }

    public SourcePosition At { get; }

    /// <summary>The value as a mapping of these keys, or null and an error.</summary>
    public static MapReader? Of(YamlNode node, Findings findings, params string[] keys) =>
        AsMap(node, findings) is { } map ? new MapReader(map, findings, keys) : null;

    /// <summary>The entries of a mapping whose keys are names that the file chooses.</summary>
    public static IReadOnlyList<YamlEntry> Entries(YamlNode? node, Findings findings) =>
        node is null ? [] : AsMap(node, findings)?.Entries ?? [];

    /// <summary>The text as that type, or default and an error.</summary>
    public static T? Parse<T>(YamlNode node, TextParser<T> parser, Findings findings)
    {
        if (node is not YamlText text)
        {
            findings.Error(node.At, $"expected text, not {node.Kind}");
            return default;
        }

        if (parser(text.Value, out var value, out var problem)) return value;
        findings.Error(text.At, problem);
        return default;
    }

    public bool Has(string key) => _entries.ContainsKey(key);

    public YamlNode? Node(string key) => _entries.GetValueOrDefault(key)?.Value;

    /// <summary>Where the key stands, or the mapping where it is missing.</summary>
    public SourcePosition KeyAt(string key) => _entries.TryGetValue(key, out var entry) ? entry.Key.At : At;

    public bool Require(string key, string example)
    {
        if (Has(key)) return true;
        _findings.Error(At, $"missing key \"{key}\"; write {example}");
        return false;
    }

    public T? Value<T>(string key, TextParser<T> parser) =>
        Node(key) is { } node ? Parse(node, parser, _findings) : default;

    /// <summary>Free text for people.</summary>
    public string? Text(string key) => Value<string>(key, TryParseFreeText);

    public MapReader? Map(string key, params string[] keys) =>
        Node(key) is { } node ? Of(node, _findings, keys) : null;

    public IReadOnlyList<YamlNode> Items(string key)
    {
        if (Node(key) is not { } node) return [];
        if (node is YamlList list) return list.Items;
        _findings.Error(node.At, $"expected a list, not {node.Kind}; write [a, b]");
        return [];
    }

    /// <summary>Those items of the list that are values of that type; an error for each other.</summary>
    public IReadOnlyList<T> List<T>(string key, TextParser<T> parser)
    {
        var values = new List<T>();
        foreach (var item in Items(key))
        {
            var before = _findings.ErrorCount;
            var value = Parse(item, parser, _findings);
            if (_findings.ErrorCount == before) values.Add(value!);
        }

        return values;
    }

    private static bool TryParseFreeText(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = text.Length > 0 ? text : null;
        problem = text.Length > 0 ? null : "must not be empty";
        return text.Length > 0;
    }

    private static YamlMap? AsMap(YamlNode node, Findings findings)
    {
        if (node is YamlMap map) return map;
        findings.Error(node.At, $"expected a mapping, not {node.Kind}");
        return null;
    }
}
