using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>Binds one entry of <c>roles:</c>.</summary>
internal sealed class RoleReader(PolicyLoadOptions options, Findings findings)
{
    private static readonly string[] Keys = ["about", "root-equivalent", "rules", "grants", "quota", "rate"];

    private readonly RuleReader _rules = new(findings);
    private readonly GrantsReader _grants = new(options, findings);

    /// <summary>What can be said only when every role was read.</summary>
    public void Finish() => _grants.Finish();

    public Role? Read(string name, YamlNode node)
    {
        if (MapReader.Of(node, findings, Keys) is not { } map) return null;
        map.Require("rules", "rules: [{id: NAME, allow: [OPERATION]}]");
        var rootEquivalent = map.Value("root-equivalent", Words.Flag);
        var rules = ReadRules(map, rootEquivalent);
        var grants = map.Node("grants") is { } section ? _grants.Read(section, rootEquivalent)
            : rootEquivalent ? null
            : options.Limits.ToGrants();
        return new Role(name, map.Text("about"), rootEquivalent, rules, grants) { Quota = ReadQuota(map), Rate = ReadRate(map) };
    }

    private List<Rule> ReadRules(MapReader map, bool rootEquivalent)
    {
        var rules = new List<Rule>();
        var places = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        foreach (var item in map.Items("rules"))
        {
            if (_rules.Read(item, rootEquivalent) is not { } rule) continue;
            var at = ((YamlMap)item).Entries.First(e => e.Key.Value == "id").Value.At;
            if (places.TryAdd(rule.Id, at)) rules.Add(rule);
            else findings.Error(at, $"rule id \"{rule.Id}\" already stands at {places[rule.Id]}");
        }

        return rules;
    }

    private static RoleQuota? ReadQuota(MapReader role)
    {
        if (role.Map("quota", "containers", "memory", "cpus", "volumes", "networks", "streams") is not { } map) return null;
        long? Of(string key, TextParser<long> parser) => map.Has(key) ? map.Value(key, parser) : null;
        return new RoleQuota(
            Of("containers", Amounts.TryParseCount),
            Of("memory", Amounts.TryParseSize),
            Of("cpus", Amounts.TryParseCpus),
            Of("volumes", Amounts.TryParseCount),
            Of("networks", Amounts.TryParseCount),
            Of("streams", Amounts.TryParseCount));
    }

    private RoleRate? ReadRate(MapReader role)
    {
        if (role.Map("rate", "requests", "burst") is not { } map || !map.Require("requests", "requests: 50/s")) return null;
        var requests = map.Value<long>("requests", Amounts.TryParseRate);

        // Without a burst: one second's worth.
        var burst = map.Has("burst") ? map.Value<long>("burst", Amounts.TryParseCount) : requests;
        if (map.Has("burst") && burst == 0) findings.Error(map.Node("burst")!.At, "a burst of 0 lets no request through");
        return new RoleRate(requests, burst);
    }
}
