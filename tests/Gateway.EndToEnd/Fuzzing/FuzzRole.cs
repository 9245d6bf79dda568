using YamlDotNet.Serialization;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Whose objects a rule is about.</summary>
internal enum Whose
{
    /// <summary>The caller's own.</summary>
    Own,

    /// <summary>Another's that carry the labels of <see cref="FuzzWorld.Selected"/>.</summary>
    Selected,

    /// <summary>Anybody's.</summary>
    Others,
}

/// <summary>
/// A role as its file says it, read here anew: which operations on whose objects, and what a body may ask for. What follows from that
/// is the oracle's to know; nothing of the gateway's own reading or deciding is used.
/// </summary>
internal sealed class FuzzRole
{
    private readonly List<(string[] Operations, Whose Whose)> rules = [];
    private readonly Dictionary<string, object> grants;

    private FuzzRole(string name, Dictionary<object, object> role)
    {
        Name = name;
        foreach (var rule in ((List<object>)role["rules"]).Cast<Dictionary<object, object>>())
        {
            // The fuzzed roles have no deny rules.
            var whose = rule.GetValueOrDefault("on") switch { "all" => Whose.Others, null or "own" => Whose.Own, _ => Whose.Selected };
            rules.Add(([.. ((List<object>)rule["allow"]).Cast<string>()], whose));
        }

        grants = role.TryGetValue("grants", out var some) ? ((Dictionary<object, object>)some).ToDictionary(grant => (string)grant.Key, grant => grant.Value) : [];
        Quota = role.TryGetValue("quota", out var quota) && ((Dictionary<object, object>)quota).TryGetValue("containers", out var most) ? int.Parse((string)most, System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue;
    }

    public string Name { get; }

    /// <summary>The most containers of one user.</summary>
    public int Quota { get; }

    /// <summary>Two users who have this role alone.</summary>
    public IReadOnlyList<string> Users => [$"fz-{Name}", $"fz-{Name}-b"];

    /// <summary>The roles of a policy file.</summary>
    public static IEnumerable<FuzzRole> In(string yaml) =>
        ((Dictionary<object, object>)new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(yaml)["roles"]).Select(role => new FuzzRole((string)role.Key, (Dictionary<object, object>)role.Value));

    /// <summary>Whether any of these operations is allowed on such an object.</summary>
    public bool Allows(Whose whose, params string[] operations) =>
        rules.Exists(rule => rule.Whose >= whose && rule.Operations.Any(pattern => operations.Any(operation => pattern == operation || (pattern.EndsWith('*') && operation.StartsWith(pattern[..^1], StringComparison.Ordinal)))));

    public bool Grants(string key) => grants.ContainsKey(key);

    public string? Text(string key) => grants.GetValueOrDefault(key) as string;

    /// <summary>What is listed under a key, for one user: texts as they are, of an entry with keys the value of one.</summary>
    public IReadOnlyList<string> List(string key, string user, string of = "") =>
        grants.GetValueOrDefault(key) is List<object> entries
            ? [.. entries.Select(entry => entry as string ?? (string)((Dictionary<object, object>)entry)[of]).Select(text => text.Replace("${user}", user, StringComparison.Ordinal))]
            : [];

    /// <summary>The entries under a key that have keys of their own; a text is one with that key alone.</summary>
    public IEnumerable<IReadOnlyDictionary<string, string>> Entries(string key, string user, string bare) =>
        (grants.GetValueOrDefault(key) as List<object> ?? []).Select(entry => entry is Dictionary<object, object> map
            ? map.Where(member => member.Value is string).ToDictionary(member => (string)member.Key, member => ((string)member.Value).Replace("${user}", user, StringComparison.Ordinal))
            : new Dictionary<string, string> { [bare] = (string)entry });

    public string? Member(string key, string member) => (grants.GetValueOrDefault(key) as Dictionary<object, object>)?.GetValueOrDefault(member) as string;

    public IReadOnlyList<string> Members(string key, string member) => (grants.GetValueOrDefault(key) as Dictionary<object, object>)?.GetValueOrDefault(member) switch
    {
        List<object> list => [.. list.Cast<string>()],
        string text => [text],
        _ => [],
    };

    /// <summary>Bytes, or a plain number; <c>unlimited</c> is −1.</summary>
    public static double Size(string text) => text == "unlimited" ? -1
        : double.Parse(text.TrimEnd('k', 'm', 'g'), System.Globalization.CultureInfo.InvariantCulture) * Math.Pow(1024, "kmg".IndexOf(text[^1], StringComparison.Ordinal) + 1);
}
