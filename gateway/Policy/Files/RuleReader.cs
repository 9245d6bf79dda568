using Gateway.EngineApi;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>Binds one entry of a role's <c>rules:</c>.</summary>
internal sealed class RuleReader(Findings findings)
{
    private static readonly string[] Keys = ["id", "allow", "deny", "on", "reason"];
    private static readonly string[] SelectorKeys = ["label", "name", "image"];

    /// <summary>The rule, or null where its id or effect is unknown; all that is wrong with it is among the findings.</summary>
    public Rule? Read(YamlNode node, bool rootEquivalent)
    {
        if (MapReader.Of(node, findings, Keys) is not { } map) return null;
        var id = map.Require("id", "id: NAME") ? map.Value<string>("id", PolicyName.TryParse) : null;
        var selector = map.Node("on") is { } on ? ReadSelector(on) : Selector.Own;
        var reason = map.Text("reason");
        if (map.Has("allow") == map.Has("deny"))
        {
            findings.Error(map.At, "a rule has either \"allow\" or \"deny\"");
            return null;
        }

        var effect = map.Has("allow") ? RuleEffect.Allow : RuleEffect.Deny;
        var operations = ReadOperations(map, effect == RuleEffect.Allow ? "allow" : "deny", warn: effect == RuleEffect.Allow && !rootEquivalent, forAll: selector.Kind == SelectorKind.All);
        return id is null ? null : new Rule(id, effect, operations, selector, reason);
    }

    private HashSet<EngineOperation> ReadOperations(MapReader map, string key, bool warn, bool forAll)
    {
        var items = map.Items(key);
        if (items.Count == 0 && map.Node(key) is YamlList empty) findings.Error(empty.At, "names no operation");
        var operations = new HashSet<EngineOperation>();
        foreach (var item in items)
        {
            if (MapReader.Parse<IReadOnlyList<EngineOperation>>(item, OperationPattern.TryParse, findings) is not { } named) continue;
            operations.UnionWith(named);
            if (warn && named is [{ Reach: { } reach } only] && (reach.RootEquivalentOnly || !forAll))
            {
                findings.Warn(item.At, reach.RootEquivalentOnly
                    ? $"{only.Name} is refused to every role without \"root-equivalent: true\", whatever its rules say"
                    : $"{only.Name} is refused to a rule without \"on: all\": {reach.Reason}");
            }
        }

        return operations;
    }

    private Selector ReadSelector(YamlNode node)
    {
        if (node is YamlText) return MapReader.Parse(node, Word, findings) ?? Selector.Own;
        if (MapReader.Of(node, findings, SelectorKeys) is not { } map) return Selector.Own;
        if (SelectorKeys.Count(map.Has) != 1)
        {
            findings.Error(map.At, "\"on\" selects by one of label, name, image");
            return Selector.Own;
        }

        if (map.Node("label") is { } labels) return new Selector(SelectorKind.Label, Labels: ReadLabels(labels));
        return map.Has("name")
            ? new Selector(SelectorKind.Name, Pattern: map.Value<string>("name", ObjectPattern.TryParseName))
            : new Selector(SelectorKind.Image, Pattern: map.Value<string>("image", ObjectPattern.TryParseImage));
    }

    private static TextParser<Selector> Word { get; } = Words.OneOf(("own", Selector.Own), ("all", Selector.All));

    private Dictionary<string, string> ReadLabels(YamlNode node)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in MapReader.Entries(node, findings))
        {
            if (value is YamlText text) labels[key.Value] = text.Value;
            else findings.Error(value.At, $"expected text, not {value.Kind}");
        }

        if (labels.Count == 0 && node is YamlMap { Entries.Count: 0 }) findings.Error(node.At, "names no label");
        return labels;
    }
}
