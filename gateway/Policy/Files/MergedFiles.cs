using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>What the files of a folder define together. A name belongs to the place that defined it first; references are looked up once all are read.</summary>
internal sealed class MergedFiles(PolicyLoadOptions options, Findings findings)
{
    private readonly RoleReader _roleReader = new(options, findings);
    private readonly Dictionary<string, Role> _roles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyUser> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourcePosition> _pins = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourcePosition> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Section, string Name), SourcePosition> _places = [];
    private readonly List<(string Name, SourcePosition At)> _roleReferences = [];
    private readonly List<(string Name, SourcePosition At)> _members = [];
    private readonly PolicyPlaces _allPlaces = new();

    public void Add(YamlNode document)
    {
        if (MapReader.Of(document, findings, "version", "roles", "users", "groups") is not { } map) return;
        _allPlaces.Add(document);
        if (map.Require("version", "\"version: 1\"")) map.Value("version", Version);
        foreach (var (name, value) in Named("role", map.Node("roles"), PolicyName.TryParse))
        {
            if (_roleReader.Read(name, value) is { } role) _roles.Add(name, role);
        }

        foreach (var (name, value) in Named("user", map.Node("users"), PolicyName.TryParseUser))
        {
            if (ReadUser(name, value) is { } user) _users.Add(name, user);
        }

        foreach (var (name, value) in Named("group", map.Node("groups"), PolicyName.TryParse))
        {
            if (ReadGroup(name, value) is { } group) _groups.Add(name, group);
        }
    }

    /// <param name="everyFileWasRead">Else a role that seems to be missing may stand in the file that was not.</param>
    public AccessPolicy Finish(bool everyFileWasRead)
    {
        var roles = _places.Keys.Where(k => k.Section == "role").Select(k => k.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, at) in _roleReferences.Where(r => everyFileWasRead && !roles.Contains(r.Name)))
        {
            findings.Error(at, $"unknown role \"{name}\"{Spelling.Hint(name, roles)}");
        }

        foreach (var ((_, name), at) in _places.Where(p => p.Key.Section == "group"))
        {
            if (_places.TryGetValue(("user", name), out var user)) findings.Error(at, $"group \"{name}\" has the name of a user, who stands at {user}");
            else if (_members.Find(m => m.Name == name) is { Name: not null, At: var member }) findings.Error(at, $"group \"{name}\" has the name of a user, who is a member at {member}");
        }

        _roleReader.Finish();
        ReserveLabels();
        var policy = new AccessPolicy(_roles, _users, _groups) { Places = _allPlaces };
        SharedNames.Warn(policy, [.. Places("user"), .. _members], [.. Places("group")], findings);
        return policy;
    }

    private IEnumerable<(string Name, SourcePosition At)> Places(string section) => _places.Where(p => p.Key.Section == section).Select(p => (p.Key.Name, p.Value));

    /// <summary>What one role is granted under <c>labels</c> is reserved for the roles that are: nobody else may set it.</summary>
    private void ReserveLabels()
    {
        List<string> reserved = [.. _roles.Values.SelectMany(role => role.Grants?.Labels ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];
        foreach (var role in _roles.Values.Where(role => role.Grants is not null && reserved.Count > 0).ToList())
        {
            _roles[role.Name] = role with { Grants = role.Grants! with { ReservedLabels = reserved } };
        }
    }

    private static TextParser<bool> Version { get; } = Words.OneOf(("1", true));

    private IEnumerable<(string Name, YamlNode Value)> Named(string section, YamlNode? node, TextParser<string> parser)
    {
        foreach (var (key, value) in MapReader.Entries(node, findings))
        {
            if (MapReader.Parse(key, parser, findings) is not { } name) continue;
            if (_places.TryAdd((section, name), key.At)) yield return (name, value);
            else findings.Error(key.At, $"{section} \"{name}\" is already defined at {_places[(section, name)]}");
        }
    }

    private PolicyUser? ReadUser(string name, YamlNode node)
    {
        if (MapReader.Of(node, findings, "roles", "certificate", "unix") is not { } map) return null;
        return new PolicyUser(name, ReadRoles(map), ReadPin(map)) { Unix = ReadAccount(map) };
    }

    private PolicyGroup? ReadGroup(string name, YamlNode node)
    {
        if (MapReader.Of(node, findings, "roles", "organization", "unix-group", "members") is not { } map) return null;
        var organization = map.Value<string>("organization", PolicyName.TryParse);
        var members = map.List<string>("members", PolicyName.TryParseUser);
        if (map.Has("members")) _members.AddRange(members.Select(m => (m, map.KeyAt("members"))));
        return new PolicyGroup(name, ReadRoles(map), organization, members) { UnixGroup = map.Value<string>("unix-group", AccountName.TryParse) };
    }

    private List<string> ReadRoles(MapReader map)
    {
        map.Require("roles", "roles: [NAME]");
        var roles = new List<string>();
        foreach (var item in map.Items("roles"))
        {
            if (MapReader.Parse<string>(item, PolicyName.TryParse, findings) is not { } name) continue;
            _roleReferences.Add((name, item.At));
            roles.Add(name);
        }

        return roles;
    }

    private string? ReadPin(MapReader user)
    {
        if (user.Map("certificate", "spki") is not { } map) return null;
        map.Require("spki", "spki: \"sha256:BASE64\"");
        if (map.Value<string>("spki", PublicKeyPin.TryParse) is not { } pin) return null;

        // One key is one person: the pin decides who is calling, before any name does.
        var at = map.Node("spki")!.At;
        if (!_pins.TryAdd(pin, at)) findings.Error(at, $"this public key is already pinned at {_pins[pin]}");
        return pin;
    }

    private string? ReadAccount(MapReader user)
    {
        if (user.Value<string>("unix", AccountName.TryParse) is not { } account) return null;
        var at = user.Node("unix")!.At;
        if (!_accounts.TryAdd(account, at)) findings.Error(at, $"local account \"{account}\" is already a user's at {_accounts[account]}");
        return account;
    }
}
