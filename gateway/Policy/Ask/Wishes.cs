using System.Globalization;
using System.Net;
using Gateway.EngineApi;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Ask;

/// <summary>What may be added under each key of <c>grants:</c>; added twice it grants no more, and a limit is only ever raised.</summary>
internal static class Wishes
{
    private const string HostReach = "reaches the host: makes the role root-equivalent";
    private const decimal NanosPerCpu = 1_000_000_000;

    public static GrantWish Privileged { get; } = new("privileged", "true", false, g => g with { Privileged = true }, HostReach) { ReachesHost = true };

    public static GrantWish AnyUser(string? user) =>
        new("user", "any", false, g => g with { NonRoot = false }, user is { Length: > 0 } ? null : "or give the user as a number, as in --user 1000:1000");

    public static GrantWish HostNamespace(string name) =>
        new("host-namespaces", name, true, g => g with { HostNamespaces = With(g.HostNamespaces, name) }, name == "uts" ? null : HostReach) { ReachesHost = name != "uts" };

    public static GrantWish Network(string name) => new("networks", name, true, g => g with { Networks = With(g.Networks, name) });

    public static IEnumerable<GrantWish> Images(string name) => Image("images", name, (g, pattern) => g with { Images = With(g.Images, pattern) });

    public static IEnumerable<GrantWish> OwnImages(string name) => Image("own-images", name, (g, pattern) => g with { OwnImages = With(g.OwnImages, pattern) });

    /// <summary>As a check names the host: Docker Hub is docker.io.</summary>
    public static GrantWish Registry(string host) => new("registries", Quoted(host), true, g => g with
    {
        Registries = With(g.ContactedRegistries, host),
    });

    public static GrantWish Capability(string name) =>
        new("capabilities", name, true, g => g with { Capabilities = With(g.Capabilities, name) }, Reaches(name) ? HostReach : null) { ReachesHost = Reaches(name) };

    public static GrantWish SecurityOption(string option) =>
        new("security-options", Quoted(option), true, g => g with { SecurityOptions = With(g.SecurityOptions, option) }, "takes a confinement away") { ReachesHost = true };

    public static GrantWish Runtime(string name) => new("runtimes", name, true, g => g with { Runtimes = With(g.Runtimes, name) }, "the runtime runs as root") { ReachesHost = true };

    public static GrantWish Sysctl(string name) => new("sysctls", name, true, g => g with { Sysctls = With(g.Sysctls, name) });

    public static GrantWish Label(string name) => new("labels", Quoted(name), true, g => g with { Labels = With(g.Labels, name) }, "a proxy or agent on the host obeys it") { ReachesHost = true };

    public static GrantWish LogDriver(string driver) => new(
        "log-drivers",
        driver,
        true,
        g => g with { LogDrivers = g.LogDrivers.Any(known => known.Driver == driver) ? g.LogDrivers : [.. g.LogDrivers, new LogDriverGrant(driver, new Dictionary<string, string>())] },
        "the engine writes there, as root")
    { ReachesHost = true };

    public static GrantWish Subnet(IPNetwork subnet) => new("subnets", Quoted(subnet.ToString()), true, g => g with { Subnets = With(g.Subnets, subnet) });

    public static GrantWish Device(string path, string permissions) => new(
        "devices",
        $"{{path: {path}, permissions: {permissions}}}",
        true,
        g => g with
        {
            Devices = [.. g.Devices.Where(device => device.Path != path), new DeviceGrant(path, string.Concat("rwm".Where(p => permissions.Contains(p, StringComparison.Ordinal) || g.Devices.Any(d => d.Path == path && d.Permissions.Contains(p, StringComparison.Ordinal)))))],
        },
        HostReach)
    { ReachesHost = true };

    /// <param name="inside">Whether what is under the folder may be bound too.</param>
    /// <param name="setuidAccepted">Whether the file would say <c>setuid: accepted</c> where that is needed.</param>
    public static GrantWish Bind(string source, bool readOnly, bool setuidAccepted, bool inside = false)
    {
        var meets = new NeverBindable([]).Meets(source);
        return new(
            "binds",
            $"{{source: {Quoted(source)}, access: {(readOnly ? "ro" : "rw")}{(inside ? ", inside: true" : "")}}}",
            true,
            g => g with { Binds = [.. g.Binds.Where(bind => bind.Source != source), new BindGrant(source, !readOnly || g.Binds.Any(bind => bind.Source == source && bind.ReadWrite), setuidAccepted, inside || g.Binds.Any(bind => bind.Source == source && bind.Inside))] },
            meets is not null ? $"{meets}: for a role that says \"root-equivalent: true\" only" : readOnly ? null : "read-write: mount its file system nosuid,nodev, or add setuid: accepted")
        { ReachesHost = meets is not null };
    }

    public static GrantWish Publish(string address, PortRange ports) => new(
        "publish",
        $"{{addresses: [\"{address}\"], ports: [{(ports.First == ports.Last ? $"{ports.First}" : $"{ports.First}-{ports.Last}")}]}}",
        false,
        g => g with { Publish = new PublishGrant(With(g.Publish?.Addresses ?? [], address), With(g.Publish?.Ports ?? [], ports)) });

    /// <param name="least">What a container without a word must get.</param>
    public static GrantWish Memory(long most, long least = 0) => new(
        "memory", $"{{default: {Amounts.SizeText(Default(most, least, Limit.DefaultMemory))}, max: {Amounts.SizeText(most)}}}", false, g => g with { Memory = Raised(g.Memory, most, least) });

    public static GrantWish Cpus(long nanos) => new(
        "cpus", $"{{default: \"{CpuText(Default(nanos, 0, Limit.DefaultCpus))}\", max: \"{CpuText(nanos)}\"}}", false, g => g with { Cpus = Raised(g.Cpus, nanos, 0) });

    public static GrantWish Pids(long most) => new("pids", $"{{default: {Default(most, 0, Limit.DefaultPids)}, max: {most}}}", false, g => g with { Pids = Raised(g.Pids, most, 0) });

    public static GrantWish ShmSize(long most) =>
        new("shm-size", Amounts.SizeText(most), false, g => g with { ShmSize = Math.Max(g.ShmSize ?? 0, most) });

    /// <param name="most">−1 is unlimited.</param>
    public static GrantWish Ulimit(string name, long most) => new("ulimits", $"{{{name}: {(most < 0 ? "unlimited" : most)}}}", false, g => g with
    {
        Ulimits = new Dictionary<string, long>(g.Ulimits) { [name] = g.Ulimits.TryGetValue(name, out var known) ? More(known, most) : most },
    });

    /// <param name="count">−1 is all.</param>
    public static GrantWish Gpus(int count) => new("gpus", count < 0 ? "all" : count.ToString(CultureInfo.InvariantCulture), false, g => g with { Gpus = (int)More(g.Gpus, count) });

    private static bool Reaches(string capability) => Files.Values.Capability.ReachesHost(capability);

    private static IEnumerable<GrantWish> Image(string key, string name, Func<Grants, string, Grants> add)
    {
        var pattern = name.EndsWith("/*", StringComparison.Ordinal) ? name : ImageReference.TryParse(name, out var image) ? image.Canonical : null;
        return pattern is null ? [] : [new(key, Quoted(pattern), true, g => add(g, pattern), key == "own-images" ? "whoever else runs images of this name runs what is put there" : null)];
    }

    private static IReadOnlyList<T> With<T>(IReadOnlyList<T> list, T item) => list.Contains(item) ? list : [.. list, item];

    private static long More(long one, long two) => one < 0 || two < 0 ? -1 : Math.Max(one, two);

    private static long Default(long most, long least, Limit standard) => Math.Max(least, Math.Min(most, standard.Default));

    private static Limit Raised(Limit limit, long max, long least) => new(Math.Max(least, Math.Min(limit.Default, Math.Max(max, limit.Max))), Math.Max(limit.Max, max));

    private static string CpuText(decimal nanos) => (nanos / NanosPerCpu).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
