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

/// <summary>
/// The host paths that a request names, looked at before it is decided: deciding does no I/O. A path that nobody looked at is refused.
/// </summary>
internal sealed class HostPathFacts
{
    private static readonly HostPathFact Unseen = new() { Problem = "it was not looked at" };

    private readonly IReadOnlyDictionary<string, HostPathFact> facts;
    private readonly Func<string, HostPathFact> other;

    public HostPathFacts(IReadOnlyDictionary<string, HostPathFact> facts)
        : this(facts, _ => Unseen)
    {
    }

    private HostPathFacts(IReadOnlyDictionary<string, HostPathFact> facts, Func<string, HostPathFact> other)
    {
        this.facts = facts;
        this.other = other;
    }

    /// <summary>For requests that name none.</summary>
    public static HostPathFacts None { get; } = new(new Dictionary<string, HostPathFact>());

    /// <summary>For deciding away from any host, as the policy commands do: each path is what its grant takes it for.</summary>
    public static HostPathFacts AsGranted { get; } = new(
        new Dictionary<string, HostPathFact>(),
        path => new HostPathFact { Kind = path.StartsWith("/dev/", StringComparison.Ordinal) ? HostPathKind.Device : HostPathKind.Folder, NoSuidNoDev = true });

    /// <summary>The opposite: somebody could swap each of them.</summary>
    public static HostPathFacts Unsound { get; } = new(
        new Dictionary<string, HostPathFact>(), _ => new HostPathFact { Problem = "others than root could replace a component of it" });

    /// <summary>The paths that were looked at.</summary>
    public IReadOnlyDictionary<string, HostPathFact> Seen => facts;

    /// <summary>The same, and of what was not looked at what the other says.</summary>
    public HostPathFacts Or(HostPathFacts unseen) => new(facts, unseen.Of);

    public HostPathFact Of(string path) => facts.GetValueOrDefault(path) ?? other(path);
}
