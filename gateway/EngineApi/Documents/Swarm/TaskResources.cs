namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>moby <c>api/types/swarm.ResourceRequirements</c>.</summary>
internal sealed class TaskResources
{
    public TaskLimits? Limits { get; set; }

    public TaskReservations? Reservations { get; set; }

    public long? SwapBytes { get; set; }

    public long? MemorySwappiness { get; set; }
}

/// <summary>moby <c>api/types/swarm.Limit</c>; up to API 1.40 it was the type of reservations too, hence its generic resources.</summary>
internal sealed class TaskLimits
{
    public long? NanoCPUs { get; set; }

    public long? MemoryBytes { get; set; }

    public long? Pids { get; set; }

    public List<GenericResource>? GenericResources { get; set; }
}

internal sealed class TaskReservations
{
    public long? NanoCPUs { get; set; }

    public long? MemoryBytes { get; set; }

    public List<GenericResource>? GenericResources { get; set; }
}

internal sealed class GenericResource
{
    public NamedResource? NamedResourceSpec { get; set; }

    public DiscreteResource? DiscreteResourceSpec { get; set; }
}

internal sealed class NamedResource
{
    public string? Kind { get; set; }

    public string? Value { get; set; }
}

internal sealed class DiscreteResource
{
    public string? Kind { get; set; }

    public long? Value { get; set; }
}
