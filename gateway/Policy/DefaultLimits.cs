namespace Gateway.Policy;

/// <summary>What a role without an entry of its own grants of memory, CPUs and processes: never without a limit (I32).</summary>
internal sealed record DefaultLimits
{
    public Limit Memory { get; init; } = Limit.DefaultMemory;

    public Limit Cpus { get; init; } = Limit.DefaultCpus;

    public Limit Pids { get; init; } = Limit.DefaultPids;

    /// <summary>Grants nothing but these.</summary>
    public Grants ToGrants() => new() { Memory = Memory, Cpus = Cpus, Pids = Pids };
}
