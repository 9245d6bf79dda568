namespace Gateway.Policy;

/// <summary>What stands at a path of the host.</summary>
internal enum HostPathKind { Unknown, Folder, File, Device, Other }

/// <summary>What was seen at one path of the engine's file system before the decision (threats, Rule B).</summary>
internal sealed record HostPathFact
{
    /// <summary>Why nobody short of root-equivalent may have it, or null: somebody else than root could put another thing in its place, or it is the engine's or the gateway's own.</summary>
    public string? Problem { get; init; }

    public HostPathKind Kind { get; init; }

    /// <summary>Set-uid programs and device nodes are powerless there and on every mount below.</summary>
    public bool NoSuidNoDev { get; init; }

    /// <summary>Another file system is mounted below it, which a read-only bind may leave writable.</summary>
    public bool HasMountsBelow { get; init; }

    /// <summary>A container has something below it: giving it away read-write would let its user swap that.</summary>
    public bool HoldsBindOfContainer { get; init; }
}

/// <summary>A path of the host that a request leads to.</summary>
/// <param name="Folder">The granted folder that it lies in, where the engine is to resolve it inside the folder's volume; the path itself where that is all that is known; else null.</param>
internal readonly record struct HostPathName(string Path, string? Folder = null);

/// <summary>
/// The host paths that a request names, looked at before it is decided: deciding does no I/O. A path that nobody looked at is refused.
/// </summary>
internal sealed class HostPathFacts
{
    private static readonly HostPathFact Unseen = new() { Problem = "it was not looked at" };

    private readonly IReadOnlyDictionary<HostPathName, HostPathFact> facts;
    private readonly Func<string, HostPathFact> other;

    public HostPathFacts(IReadOnlyDictionary<HostPathName, HostPathFact> facts)
        : this(facts, _ => Unseen)
    {
    }

    private HostPathFacts(IReadOnlyDictionary<HostPathName, HostPathFact> facts, Func<string, HostPathFact> other)
    {
        this.facts = facts;
        this.other = other;
    }

    /// <summary>For requests that name none.</summary>
    public static HostPathFacts None { get; } = new(new Dictionary<HostPathName, HostPathFact>());

    /// <summary>For deciding away from any host, as the policy commands do: each path is what its grant takes it for.</summary>
    public static HostPathFacts AsGranted { get; } = new(
        new Dictionary<HostPathName, HostPathFact>(),
        path => new HostPathFact { Kind = path.StartsWith("/dev/", StringComparison.Ordinal) ? HostPathKind.Device : HostPathKind.Folder, NoSuidNoDev = true });

    /// <summary>The opposite: somebody could swap each of them.</summary>
    public static HostPathFacts Unsound { get; } = new(
        new Dictionary<HostPathName, HostPathFact>(), _ => new HostPathFact { Problem = "others than root could replace a component of it" });

    /// <summary>The paths that were looked at.</summary>
    public IReadOnlyDictionary<HostPathName, HostPathFact> Seen => facts;

    /// <summary>The same, and of what was not looked at what the other says.</summary>
    public HostPathFacts Or(HostPathFacts unseen) => new(facts, unseen.Of);

    public HostPathFact Of(string path) => facts.GetValueOrDefault(new HostPathName(path)) ?? other(path);

    /// <summary>Of a path that the engine resolves inside a granted folder.</summary>
    public HostPathFact Inside(string folder, string path) => facts.GetValueOrDefault(new HostPathName(path, folder)) ?? other(path);
}
