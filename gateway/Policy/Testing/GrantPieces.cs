using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Testing;

/// <summary>Takes a role's grants apart into the values that a case can turn on or off.</summary>
internal static class GrantPieces
{
    public static IReadOnlyList<GrantPiece> Of(Grants grants) =>
    [
        .. Images(grants),
        .. Items(grants, "binds", g => g.Binds, (g, list) => g with { Binds = list }),
        .. Items(grants, "networks", g => g.Networks, (g, list) => g with { Networks = list }),
        .. Whole("publish", grants.Publish is not null, g => g with { Publish = null }),
        .. Items(grants, "capabilities", g => g.Capabilities, (g, list) => g with { Capabilities = list }),
        .. Items(grants, "devices", g => g.Devices, (g, list) => g with { Devices = list }),
        .. Whole("gpus", grants.Gpus != 0, g => g with { Gpus = 0 }),
        .. Items(grants, "runtimes", g => g.Runtimes, (g, list) => g with { Runtimes = list }),
        .. Items(grants, "sysctls", g => g.Sysctls, (g, list) => g with { Sysctls = list }),
        .. Items(grants, "security-options", g => g.SecurityOptions, (g, list) => g with { SecurityOptions = list }),
        .. Items(grants, "host-namespaces", g => g.HostNamespaces, (g, list) => g with { HostNamespaces = list }),
        .. Whole("privileged", grants.Privileged, g => g with { Privileged = false }),
        .. Whole("user", grants.NonRoot, g => g with { NonRoot = false }),
        .. Items(grants, "labels", g => g.Labels, (g, list) => g with { Labels = list }),
        .. Items(grants, "log-drivers", g => g.LogDrivers, (g, list) => g with { LogDrivers = list }),
        .. Items(grants, "subnets", g => g.Subnets, (g, list) => g with { Subnets = list }),
        .. Items(grants, "registries", g => g.Registries ?? [], (g, list) => g with { Registries = list }),
        .. Whole("shm-size", grants.ShmSize is not null, g => g with { ShmSize = 0 }, g => g with { ShmSize = long.MaxValue / 4 }),
        .. Whole("ulimits", grants.Ulimits.Count > 0, g => g with { Ulimits = new Dictionary<string, long>() }),

        // A limit is covered by a case that it stops, or that a smaller one would stop.
        .. Whole("memory", grants.Memory != Limit.DefaultMemory, g => g with { Memory = Changed(g.Memory) }, g => g with { Memory = Lifted }),
        .. Whole("cpus", grants.Cpus != Limit.DefaultCpus, g => g with { Cpus = Changed(g.Cpus) }, g => g with { Cpus = Lifted }),
        .. Whole("pids", grants.Pids != Limit.DefaultPids, g => g with { Pids = Changed(g.Pids) }, g => g with { Pids = Lifted }),
    ];

    /// <summary>
    /// One piece for each pattern as the file has it, which may have been read as two globs. Where <c>own-images</c> is not said it is made of <c>images</c>, and
    /// goes with them: of the two alone neither would make a difference.
    /// </summary>
    private static IEnumerable<GrantPiece> Images(Grants grants)
    {
        var derived = grants.OwnImages.Count > 0 && grants.OwnImages.SequenceEqual(grants.Images.Where(pattern => pattern.Contains(UserVariable.Text, StringComparison.Ordinal)));
        var images = ImagePattern.Written(grants.Images).Select((pattern, i) => new GrantPiece("images", i, g => derived
            ? g with { Images = Without(g.Images, pattern), OwnImages = Without(g.OwnImages, pattern) }
            : g with { Images = Without(g.Images, pattern) })
        { Value = pattern });
        return derived ? images
            : images.Concat(ImagePattern.Written(grants.OwnImages).Select((pattern, i) => new GrantPiece("own-images", i, g => g with { OwnImages = Without(g.OwnImages, pattern) }) { Value = pattern }));
    }

    private static IReadOnlyList<string> Without(IReadOnlyList<string> globs, string pattern) => [.. globs.Where(glob => ImagePattern.Written(glob) != pattern)];

    private static Limit Lifted { get; } = new(1, long.MaxValue / 4);

    private static Limit Changed(Limit limit) => new(1, Math.Max(1, limit.Default - 1));

    private static IEnumerable<GrantPiece> Items<T>(Grants grants, string key, Func<Grants, IReadOnlyList<T>> get, Func<Grants, IReadOnlyList<T>, Grants> with) =>
        get(grants).Select((item, i) => new GrantPiece(key, i, g => with(g, [.. get(g).Where(other => !EqualityComparer<T>.Default.Equals(other, item))])) { Value = Text(item) });

    private static string Text<T>(T item) => item switch
    {
        BindGrant bind => bind.Source,
        DeviceGrant device => device.Path,
        LogDriverGrant driver => driver.Driver,
        _ => $"{item}",
    };

    private static IEnumerable<GrantPiece> Whole(string key, bool given, params Func<Grants, Grants>[] without) =>
        given ? without.Select(change => new GrantPiece(key, null, change)) : [];
}
