using System.Globalization;
using Gateway.Policy;
using Gateway.Policy.Files.Values;

namespace Gateway.Replay;

/// <summary>
/// Writes the grants of a learned role as a policy file has them, with how often each was needed. Tags of one image and ports are
/// made wider only where many were seen, and a comment says so there.
/// </summary>
internal sealed class LearnedGrants(LearnedRole learned)
{
    private const int TagsThatStandForAll = 3;
    private const int PortsThatStandForARange = 5;
    private const decimal NanosPerCpu = 1_000_000_000;
    private readonly Grants grants = learned.Grants;

    /// <summary>Every key that a role's <c>grants:</c> can have, with what is written under it. A test holds it to the schema.</summary>
    public static IReadOnlyDictionary<string, Func<LearnedGrants, IEnumerable<string>>> Keys { get; } = new Dictionary<string, Func<LearnedGrants, IEnumerable<string>>>
    {
        ["images"] = g => g.Images("images", grants => grants.Images),
        ["own-images"] = g => g.Images("own-images", grants => grants.OwnImages),
        ["binds"] = g => Block("binds", g.grants.Binds.OrderBy(bind => bind.Source, StringComparer.Ordinal).SelectMany(g.Bind)),
        ["networks"] = g => g.List("networks", grants => grants.Networks),
        ["publish"] = g => g.Publish(),
        ["capabilities"] = g => g.List("capabilities", grants => grants.Capabilities),
        ["devices"] = g => Block("devices", g.grants.Devices.OrderBy(device => device.Path, StringComparer.Ordinal)
            .Select(device => $"- {{path: {Quoted(device.Path)}, permissions: {device.Permissions}}}{g.Note("devices", grants => grants.Devices.Any(d => d.Path == device.Path))}")),
        ["gpus"] = g => One("gpus", g.grants.Gpus != 0, g.grants.Gpus < 0 ? "all" : Number(g.grants.Gpus)),
        ["runtimes"] = g => g.List("runtimes", grants => grants.Runtimes),
        ["sysctls"] = g => g.List("sysctls", grants => grants.Sysctls),
        ["security-options"] = g => g.List("security-options", grants => grants.SecurityOptions),
        ["host-namespaces"] = g => g.List("host-namespaces", grants => grants.HostNamespaces),
        ["privileged"] = g => One("privileged", g.grants.Privileged, $"true{g.Note("privileged", grants => grants.Privileged)}"),
        ["user"] = g => One("user", g.grants.NonRoot && g.IsKnownAsWhom, "non-root  # every process named a user other than root"),
        ["memory"] = g => One("memory", g.grants.Memory != Limit.DefaultMemory, $"{{default: {Number(g.grants.Memory.Default)}, max: {Number(g.grants.Memory.Max)}}}"),
        ["cpus"] = g => One("cpus", g.grants.Cpus != Limit.DefaultCpus, $"{{default: \"{Cpus(g.grants.Cpus.Default)}\", max: \"{Cpus(g.grants.Cpus.Max)}\"}}"),
        ["pids"] = g => One("pids", g.grants.Pids != Limit.DefaultPids, $"{{default: {Number(g.grants.Pids.Default)}, max: {Number(g.grants.Pids.Max)}}}"),
        ["shm-size"] = g => One("shm-size", g.grants.ShmSize is not null, Number(g.grants.ShmSize ?? 0)),
        ["ulimits"] = g => One("ulimits", g.grants.Ulimits.Count > 0, $"{{{string.Join(", ", g.grants.Ulimits.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => $"{u.Key}: {(u.Value < 0 ? "unlimited" : Number(u.Value))}"))}}}"),
        ["log-drivers"] = g => Block("log-drivers", g.grants.LogDrivers.Select(d => d.Driver).Order(StringComparer.Ordinal)
            .Select(driver => $"- {Quoted(driver)}{g.Note("log-drivers", grants => grants.LogDrivers.Any(d => d.Driver == driver))}; options are not recorded: write the ones that it needs")),
        ["registries"] = g => g.NeedsRegistries ? g.List("registries", grants => grants.Registries ?? []) : [],
        ["labels"] = g => g.List("labels", grants => grants.Labels),
        ["subnets"] = g => g.List("subnets", grants => grants.Subnets),
    };

    /// <summary>The section's lines, or none where nothing was needed.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = Keys.Values.SelectMany(key => key(this)).Select(line => "      " + line).ToList();
        return lines.Count == 0 ? [] : ["    grants:", .. lines];
    }

    private bool IsKnownAsWhom => learned.SawProcesses;

    private bool NeedsRegistries => learned.NeedsRegistries;

    private static IEnumerable<string> One(string key, bool needed, string value) => needed ? [$"{key}: {value}"] : [];

    private static IEnumerable<string> Block(string key, IEnumerable<string> items)
    {
        var lines = items.Select(item => "  " + item).ToList();
        return lines.Count == 0 ? [] : [$"{key}:", .. lines];
    }

    private IEnumerable<string> List<T>(string key, Func<Grants, IReadOnlyList<T>> values) =>
        Block(key, values(grants).OrderBy(value => $"{value}", StringComparer.Ordinal).Select(value => $"- {Quoted($"{value}")}{Note(key, g => values(g).Contains(value))}"));

    private IEnumerable<string> Images(string key, Func<Grants, IReadOnlyList<string>> names) => Block(key, names(grants).GroupBy(Repository).OrderBy(group => group.Key, StringComparer.Ordinal).SelectMany(group =>
        group.Count() < TagsThatStandForAll
            ? group.Order(StringComparer.Ordinal).Select(name => $"- {Quoted(name)}{Note(key, g => names(g).Contains(name))}")
            : [$"# made wider: {group.Count()} tags or digests of it were seen", $"- {Quoted(group.Key)}"]));

    private IEnumerable<string> Bind(BindGrant bind)
    {
        var setuid = bind.ReadWrite && !grants.NonRoot && !MountTable.IsNoSuidNoDevHere(bind.Source);
        if (setuid)
        {
            yield return "# read-write with root inside: that makes the role root-equivalent for whoever has a local account";
        }

        yield return $"- {{source: {Quoted(bind.Source)}, access: {(bind.ReadWrite ? "rw" : "ro")}{(bind.Inside ? ", inside: true" : "")}{(setuid ? ", setuid: accepted" : "")}}}{Note("binds", g => g.Binds.Any(b => b.Source == bind.Source))}";
    }

    private IEnumerable<string> Publish()
    {
        if (grants.Publish is not { } publish)
        {
            yield break;
        }

        var ports = publish.Ports.OrderBy(range => range.First).ToList();
        var wide = ports.Count > PortsThatStandForARange;
        if (wide)
        {
            yield return $"# made wider: {ports.Count} ports between these were seen";
        }

        if (ports.Exists(range => range.Last - range.First > 1000))
        {
            yield return "# the engine was left to choose some: it does so from the first range here";
        }

        var text = wide ? $"{ports[0].First}-{ports.Max(range => range.Last)}" : $"[{string.Join(", ", publish.Ports.Select(range => range.First == range.Last ? Number(range.First) : $"{range.First}-{range.Last}"))}]";
        yield return $"publish: {{addresses: [{string.Join(", ", publish.Addresses.Order(StringComparer.Ordinal).Select(Quoted))}], ports: {text}}}";
    }

    private string Note(string key, Func<Grants, bool> isAbout)
    {
        var use = new SeenUse();
        foreach (var (_, seen) in learned.Entries.Where(entry => entry.Wish.Key == key && isAbout(entry.Wish.Add(LearnedRole.NoGrants))))
        {
            use.Join(seen);
        }

        return use.Count == 0 ? "" : $"  # {use}";
    }

    private static string Repository(string name) => name.Contains('@', StringComparison.Ordinal) ? name[..name.IndexOf('@', StringComparison.Ordinal)] : name[..name.LastIndexOf(':')];

    private static string Cpus(long nanos) => (nanos / NanosPerCpu).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // What callers wrote goes into YAML as one quoted line.
    private static string Quoted(string text) => $"\"{string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : char.IsControl(c) ? "?" : c.ToString()))}\"";
}
