using System.Globalization;
using System.Text;
using Gateway.EngineApi;
using Gateway.Policy.Files.Values;
using Gateway.Requests;

namespace Gateway.Replay;

/// <summary>
/// Drafts the smallest role that covers what a user was seen to do. Tags of one image and ports are made wider only where many
/// were seen, and the draft says so there.
/// </summary>
internal sealed class RoleDraft(string user)
{
    private const string GrantsKey = "    grants:\n";
    private const int TagsThatStandForAll = 3;
    private const int PortsThatStandForARange = 5;
    private const int NamesThatStandForAll = 10;
    private readonly SortedDictionary<(string Selector, ObjectKind Kind), SortedDictionary<string, SeenUse>> rules = [];
    private readonly SeenGrants grants = new();
    private string? needsRoot;

    public long Seen { get; private set; }

    public void Add(RecordedCall call)
    {
        var request = RequestReader.Read(call.Head);
        if (request.Operation is not { } operation || request.Refusal is not null)
        {
            return;
        }

        Seen++;
        grants.Add(call, request);
        if (operation.RootEquivalentOnly)
        {
            needsRoot ??= $"{operation.Name} was seen, which only such a role may have";
        }

        var key = (Selector(call, request), operation.Object);
        if (!rules.TryGetValue(key, out var uses))
        {
            rules[key] = uses = new SortedDictionary<string, SeenUse>(StringComparer.Ordinal);
        }

        if (!uses.TryGetValue(operation.Name, out var use))
        {
            uses[operation.Name] = use = new SeenUse();
        }

        use.Add(call.Time);
    }

    /// <summary>The policy file; more rights where the narrower draft would not load or would not allow what was seen.</summary>
    /// <param name="root">Why the role has to say root-equivalent, or null.</param>
    public string Write(string? root, bool withGrants)
    {
        var why = needsRoot ?? root;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Drafted from {Seen} recorded requests of {user}. Read every line before using it.\nversion: 1\n\nroles:\n  learned-{user}:\n    about: What {user} was seen to do.\n");
        if (why is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"    # {Line(why)}\n    root-equivalent: true\n");
        }

        text.Append("    rules:\n");
        var number = 0;
        foreach (var ((selector, kind), uses) in Merged())
        {
            number++;
            foreach (var (operation, use) in uses)
            {
                text.Append(CultureInfo.InvariantCulture, $"      # {operation}: {use}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"      - id: {kind.ToString().ToLowerInvariant()}-{number}\n        allow: [{string.Join(", ", uses.Keys)}]\n{(selector == "own" ? "" : $"        on: {selector}\n")}");
        }

        if (withGrants)
        {
            var before = text.Length;
            Grants(text);
            if (text.Length == before + GrantsKey.Length)
            {
                // A key without a value is no mapping.
                text.Length = before;
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"\nusers:\n  {user}: {{roles: [learned-{user}]}}\n");
        return text.ToString();
    }

    /// <summary>Whose object the rule has to reach: the user's own wherever that is enough.</summary>
    private string Selector(RecordedCall call, EngineRequest request)
    {
        var operation = request.Operation!;
        if (operation.Object is ObjectKind.Plugin or ObjectKind.Node or ObjectKind.Task or ObjectKind.Swarm)
        {
            return "all";
        }

        if (request.Name is null || operation.Object == ObjectKind.Image)
        {
            return "own";
        }

        var kind = operation.Name == "ContainerExec" ? ObjectKind.Container : operation.Object;
        var subject = call.Objects?.FirstOrDefault(o => o.Kind == kind && o.Reference == request.Name);
        return subject switch
        {
            null or { Id: null } => "all",
            _ when subject.Owner == user => "own",
            _ when operation.Object == ObjectKind.Network && subject.Owner is null => "own",
            _ when kind == ObjectKind.Exec || !ObjectName.IsValid(subject.Name) => "all",
            _ => $"{{name: \"{subject.Name}\"}}",
        };
    }

    private List<KeyValuePair<(string Selector, ObjectKind Kind), SortedDictionary<string, SeenUse>>> Merged()
    {
        // Names of others' objects that are too many to list become all of them.
        var crowded = rules.Keys.Where(k => k.Selector.StartsWith('{')).GroupBy(k => k.Kind).Where(g => g.Count() > NamesThatStandForAll).Select(g => g.Key).ToHashSet();
        var all = new SortedDictionary<(string Selector, ObjectKind Kind), SortedDictionary<string, SeenUse>>();
        foreach (var ((selector, kind), uses) in rules)
        {
            var key = (selector.StartsWith('{') && crowded.Contains(kind) ? "all" : selector, kind);
            if (!all.TryGetValue(key, out var known))
            {
                all[key] = known = new SortedDictionary<string, SeenUse>(StringComparer.Ordinal);
            }

            foreach (var (operation, use) in uses)
            {
                if (!known.TryGetValue(operation, out var sum))
                {
                    known[operation] = use;
                    continue;
                }

                sum.Join(use);
            }
        }

        return [.. all];
    }

    private void Grants(StringBuilder text)
    {
        text.Append(GrantsKey);
        Images(text, "images", grants.Images, keep: false);
        Images(text, "own-images", grants.OwnImages, keep: grants.Images.Keys.Any(UserVariable.IsIn));
        if (grants.Binds.Count > 0)
        {
            text.Append("      binds:\n");
            foreach (var (source, (readWrite, use)) in grants.Binds)
            {
                var setuid = readWrite && !grants.NeverRoot && !MountTable.IsNoSuidNoDevHere(source);
                text.Append(CultureInfo.InvariantCulture, $"        # {use}{(setuid ? "; read-write with root inside: that makes the role root-equivalent for whoever has a local account" : "")}\n        - {{source: {Quote(source)}, access: {(readWrite ? "rw" : "ro")}{(grants.InsideFolders.Contains(source) ? ", inside: true" : "")}{(setuid ? ", setuid: accepted" : "")}}}\n");
            }
        }

        List(text, "networks", grants.Networks);
        Publish(text);
        List(text, "capabilities", grants.Capabilities);
        if (grants.Devices.Count > 0)
        {
            text.Append("      devices:\n");
            foreach (var (path, permissions) in grants.Devices)
            {
                text.Append(CultureInfo.InvariantCulture, $"        - {{path: {Quote(path)}, permissions: {string.Concat("rwm".Where(permissions.Contains))}}}\n");
            }
        }

        if (grants.Gpus != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"      gpus: {(grants.Gpus < 0 ? "all" : grants.Gpus.ToString(CultureInfo.InvariantCulture))}\n");
        }

        List(text, "runtimes", grants.Runtimes);
        List(text, "sysctls", grants.Sysctls);
        List(text, "security-options", grants.SecurityOptions);
        List(text, "host-namespaces", grants.HostNamespaces);
        if (grants.Privileged)
        {
            text.Append("      privileged: true\n");
        }

        if (grants is { SawContainers: true, NeverRoot: true })
        {
            text.Append("      # Every container named a user other than root.\n      user: non-root\n");
        }

        Limit(text, "memory", grants.NeedsMemory, "512m", grants.Memory.ToString(CultureInfo.InvariantCulture));
        Limit(text, "cpus", grants.NeedsCpus, "\"1\"", $"\"{(grants.Cpus / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture)}\"");
        Limit(text, "pids", grants.NeedsPids, "256", grants.Pids.ToString(CultureInfo.InvariantCulture));
    }

    private static void Images(StringBuilder text, string key, SortedDictionary<string, SeenUse> images, bool keep)
    {
        if (images.Count == 0)
        {
            // Left out, own-images would be those of images that hold the user's name.
            text.Append(CultureInfo.InvariantCulture, $"{(keep ? $"      {key}: []\n" : "")}");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"      {key}:\n");
        foreach (var group in images.GroupBy(i => Repository(i.Key)).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (group.Count() >= TagsThatStandForAll)
            {
                text.Append(CultureInfo.InvariantCulture, $"        # made wider: {group.Count()} tags or digests of it were seen\n        - {Quote(group.Key)}\n");
                continue;
            }

            foreach (var (name, use) in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"        - {Quote(name)}  # {use}\n");
            }
        }
    }

    private void Publish(StringBuilder text)
    {
        if (grants.Ports.Count == 0 || grants.Addresses.Count == 0)
        {
            return;
        }

        var wide = grants.Ports.Count > PortsThatStandForARange;
        var ports = wide ? $"{grants.Ports.Keys.First()}-{grants.Ports.Keys.Last()}" : $"[{string.Join(", ", grants.Ports.Keys)}]";
        text.Append(CultureInfo.InvariantCulture, $"{(wide ? $"      # made wider: {grants.Ports.Count} ports between these were seen\n" : "")}      publish: {{addresses: [{string.Join(", ", grants.Addresses.Where(a => a.Length > 0).Select(Quote))}], ports: {ports}}}\n");
    }

    private static void List(StringBuilder text, string key, SortedDictionary<string, SeenUse> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"      {key}:\n");
        foreach (var (value, use) in values)
        {
            text.Append(CultureInfo.InvariantCulture, $"        - {Quote(value)}  # {use}\n");
        }
    }

    private static void Limit(StringBuilder text, string key, bool needed, string standard, string most)
    {
        if (needed)
        {
            text.Append(CultureInfo.InvariantCulture, $"      {key}: {{default: {standard}, max: {most}}}\n");
        }
    }

    private static string Repository(string name) => name.Contains('@', StringComparison.Ordinal) ? name[..name.IndexOf('@', StringComparison.Ordinal)] : name[..name.LastIndexOf(':')];

    // What callers wrote goes into YAML as one quoted line.
    private static string Quote(string text) => $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) ? "?" : c.ToString()))}\"";

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
