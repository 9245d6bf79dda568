using System.Net;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy;

/// <summary>
/// What a request of a role may ask for. What is not granted is refused: every default here grants nothing.
/// Texts may hold <c>${user}</c>; the checks replace it.
/// </summary>
internal sealed record Grants
{
    /// <summary>Patterns of canonical image names that may be run and read.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Patterns that may be built, tagged, pushed and deleted under.</summary>
    public IReadOnlyList<string> OwnImages { get; init; } = [];

    public IReadOnlyList<BindGrant> Binds { get; init; } = [];

    /// <summary><c>bridge</c>, <c>none</c>, <c>own</c>, or the name of a network that an administrator made.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    public PublishGrant? Publish { get; init; }

    /// <summary>Upper case, without <c>CAP_</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public IReadOnlyList<DeviceGrant> Devices { get; init; } = [];

    /// <summary>How many GPUs one container may have; −1 is all.</summary>
    public int Gpus { get; init; }

    public IReadOnlyList<string> Runtimes { get; init; } = [];

    public IReadOnlyList<string> Sysctls { get; init; } = [];

    /// <summary>In the engine's canonical <c>key=value</c> form.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>Of network, pid, ipc, uts, user, cgroup.</summary>
    public IReadOnlyList<string> HostNamespaces { get; init; } = [];

    public bool Privileged { get; init; }

    /// <summary>True for <c>user: non-root</c>.</summary>
    public bool NonRoot { get; init; }

    /// <summary>Bytes.</summary>
    public Limit Memory { get; init; } = Limit.DefaultMemory;

    /// <summary>Billionths of a CPU, the engine's NanoCpus.</summary>
    public Limit Cpus { get; init; } = Limit.DefaultCpus;

    public Limit Pids { get; init; } = Limit.DefaultPids;

    /// <summary>The most bytes of shared memory; null for the gateway's own bound.</summary>
    public long? ShmSize { get; init; }

    /// <summary>The most of each named ulimit; −1 is unlimited. Others keep the gateway's own bounds.</summary>
    public IReadOnlyDictionary<string, long> Ulimits { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<LogDriverGrant> LogDrivers { get; init; } = [];

    /// <summary>Hosts that may be logged in at and searched; null for <see cref="NamedRegistries"/>.</summary>
    public IReadOnlyList<string>? Registries { get; init; }

    /// <summary>
    /// The hosts of the granted images. <c>localhost</c> is none of them: what is built is named under it and never pulled, and a registry
    /// there would be whatever listens on the engine's own loopback.
    /// </summary>
    public IEnumerable<string> NamedRegistries => Images.Concat(OwnImages).Select(pattern => pattern.Split('/')[0]).Where(host => host != RegistryHost.Local).Distinct();

    /// <summary>The registries that the engine may be made to contact; <c>*</c> for all.</summary>
    public IReadOnlyList<string> ContactedRegistries => Registries ?? [.. NamedRegistries];

    /// <summary>Reserved label prefixes that may be set, <c>traefik.*</c> or one exact name.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>What some role of the policy is granted under <c>labels</c>: reserved for those that are, beside the built-in prefixes.</summary>
    public IReadOnlyList<string> ReservedLabels { get; init; } = [];

    /// <summary>Address ranges that own networks may choose their subnets from.</summary>
    public IReadOnlyList<IPNetwork> Subnets { get; init; } = [];
}

/// <summary>A log driver that is not free, with the options that it always gets.</summary>
internal sealed record LogDriverGrant(string Driver, IReadOnlyDictionary<string, string> Options);

/// <summary>What a container gets where it asks for nothing, and the most it may ask for.</summary>
internal sealed record Limit(long Default, long Max)
{
    public static Limit DefaultMemory { get; } = new(512L << 20, 2L << 30);

    public static Limit DefaultCpus { get; } = new(1_000_000_000, 2_000_000_000);

    public static Limit DefaultPids { get; } = new(256, 1024);
}

/// <summary>A folder or file of the host that may be bound (threats: Rule B).</summary>
/// <param name="SetuidAccepted">The file says <c>setuid: accepted</c>.</param>
/// <param name="Inside">What is under the folder may be bound too, through the folder's own volume; else the folder or file itself alone.</param>
internal sealed record BindGrant(string Source, bool ReadWrite, bool SetuidAccepted, bool Inside = false);

/// <summary>Host addresses (canonical) and port ranges that may be published on.</summary>
internal sealed record PublishGrant(IReadOnlyList<string> Addresses, IReadOnlyList<PortRange> Ports);

internal readonly record struct PortRange(int First, int Last)
{
    public bool Contains(int port) => port >= First && port <= Last;
}

/// <summary>A device of the host, by its path below /dev, or by its full CDI name.</summary>
/// <param name="Permissions">Of <c>rwm</c>, in that order.</param>
internal sealed record DeviceGrant(string Path, string Permissions);
