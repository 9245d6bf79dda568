namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>The body of ServiceCreate and ServiceUpdate: moby <c>api/types/swarm.ServiceSpec</c>.</summary>
internal sealed class ServiceSpec
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public TaskSpec? TaskTemplate { get; set; }

    public ServiceMode? Mode { get; set; }

    public ServiceUpdateConfig? UpdateConfig { get; set; }

    public ServiceUpdateConfig? RollbackConfig { get; set; }

    /// <summary>Read below API 1.44 where TaskTemplate has none (moby <c>daemon/server/router/swarm</c>, <c>serviceWithLegacy</c>).</summary>
    public List<NetworkAttachmentConfig>? Networks { get; set; }

    public ServiceEndpointSpec? EndpointSpec { get; set; }
}

internal sealed class ServiceMode
{
    public ReplicatedService? Replicated { get; set; }

    public EmptyObject? Global { get; set; }

    public ReplicatedJob? ReplicatedJob { get; set; }

    public EmptyObject? GlobalJob { get; set; }
}

internal sealed class ReplicatedService
{
    public ulong? Replicas { get; set; }
}

internal sealed class ReplicatedJob
{
    public ulong? MaxConcurrent { get; set; }

    public ulong? TotalCompletions { get; set; }
}

/// <summary>moby <c>api/types/swarm.UpdateConfig</c>; durations are nanoseconds.</summary>
internal sealed class ServiceUpdateConfig
{
    public ulong? Parallelism { get; set; }

    public long? Delay { get; set; }

    public string? FailureAction { get; set; }

    public long? Monitor { get; set; }

    public float? MaxFailureRatio { get; set; }

    public string? Order { get; set; }
}

/// <summary>moby <c>api/types/swarm.EndpointSpec</c>: what is published on every node.</summary>
internal sealed class ServiceEndpointSpec
{
    public string? Mode { get; set; }

    public List<ServicePort>? Ports { get; set; }
}

/// <summary>moby <c>api/types/swarm.PortConfig</c>.</summary>
internal sealed class ServicePort
{
    public string? Name { get; set; }

    public string? Protocol { get; set; }

    public uint? TargetPort { get; set; }

    public uint? PublishedPort { get; set; }

    public string? PublishMode { get; set; }
}
