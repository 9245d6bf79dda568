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
}

/// <summary>What a container gets where it asks for nothing, and the most it may ask for.</summary>
internal sealed record Limit(long Default, long Max)
{
    public static Limit DefaultMemory { get; } = new(512L << 20, 2L << 30);

    public static Limit DefaultCpus { get; } = new(1_000_000_000, 2_000_000_000);

    public static Limit DefaultPids { get; } = new(256, 1024);
}

/// <summary>A folder or file of the host that may be bound: itself, not what is under it (threats: Rule B).</summary>
/// <param name="SetuidAccepted">The file says <c>setuid: accepted</c>.</param>
internal sealed record BindGrant(string Source, bool ReadWrite, bool SetuidAccepted);

/// <summary>Host addresses (canonical) and port ranges that may be published on.</summary>
internal sealed record PublishGrant(IReadOnlyList<string> Addresses, IReadOnlyList<PortRange> Ports);

internal readonly record struct PortRange(int First, int Last)
{
    public bool Contains(int port) => port >= First && port <= Last;
}

/// <summary>A device of the host.</summary>
/// <param name="Permissions">Of <c>rwm</c>, in that order.</param>
internal sealed record DeviceGrant(string Path, string Permissions);
