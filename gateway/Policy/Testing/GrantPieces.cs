namespace Gateway.Policy.Testing;

/// <summary>Takes a role's grants apart into the values that a case can turn on or off.</summary>
internal static class GrantPieces
{
    public static IReadOnlyList<GrantPiece> Of(Grants grants) =>
    [
        .. Items("images", grants.Images, (g, list) => g with { Images = list }),
        .. Items("own-images", grants.OwnImages, (g, list) => g with { OwnImages = list }),
        .. Items("binds", grants.Binds, (g, list) => g with { Binds = list }),
        .. Items("networks", grants.Networks, (g, list) => g with { Networks = list }),
        .. Whole("publish", grants.Publish is not null, g => g with { Publish = null }),
        .. Items("capabilities", grants.Capabilities, (g, list) => g with { Capabilities = list }),
        .. Items("devices", grants.Devices, (g, list) => g with { Devices = list }),
        .. Whole("gpus", grants.Gpus != 0, g => g with { Gpus = 0 }),
        .. Items("runtimes", grants.Runtimes, (g, list) => g with { Runtimes = list }),
        .. Items("sysctls", grants.Sysctls, (g, list) => g with { Sysctls = list }),
        .. Items("security-options", grants.SecurityOptions, (g, list) => g with { SecurityOptions = list }),
        .. Items("host-namespaces", grants.HostNamespaces, (g, list) => g with { HostNamespaces = list }),
        .. Whole("privileged", grants.Privileged, g => g with { Privileged = false }),
        .. Whole("user", grants.NonRoot, g => g with { NonRoot = false }),
        .. Items("labels", grants.Labels, (g, list) => g with { Labels = list }),
        .. Items("log-drivers", grants.LogDrivers, (g, list) => g with { LogDrivers = list }),
        .. Items("subnets", grants.Subnets, (g, list) => g with { Subnets = list }),
        .. Items("registries", grants.Registries ?? [], (g, list) => g with { Registries = list }),
        .. Whole("shm-size", grants.ShmSize is not null, g => g with { ShmSize = 0 }, g => g with { ShmSize = long.MaxValue / 4 }),
        .. Whole("ulimits", grants.Ulimits.Count > 0, g => g with { Ulimits = new Dictionary<string, long>() }),

        // A limit is covered by a case that it stops, or that a smaller one would stop.
        .. Whole("memory", grants.Memory != Limit.DefaultMemory, g => g with { Memory = Changed(g.Memory) }, g => g with { Memory = Lifted }),
        .. Whole("cpus", grants.Cpus != Limit.DefaultCpus, g => g with { Cpus = Changed(g.Cpus) }, g => g with { Cpus = Lifted }),
        .. Whole("pids", grants.Pids != Limit.DefaultPids, g => g with { Pids = Changed(g.Pids) }, g => g with { Pids = Lifted }),
    ];

    private static Limit Lifted { get; } = new(1, long.MaxValue / 4);

    private static Limit Changed(Limit limit) => new(1, Math.Max(1, limit.Default - 1));

    private static IEnumerable<GrantPiece> Items<T>(string key, IReadOnlyList<T> list, Func<Grants, IReadOnlyList<T>, Grants> with) =>
        Enumerable.Range(0, list.Count).Select(i => new GrantPiece(key, i, g => with(g, [.. list.Where((_, n) => n != i)])));

    private static IEnumerable<GrantPiece> Whole(string key, bool given, params Func<Grants, Grants>[] without) =>
        given ? without.Select(change => new GrantPiece(key, null, change)) : [];
}
