namespace Gateway.EngineApi.Documents;

/// <summary>
/// The body of ContainerCreate: the config's fields at top level, the host's only inside HostConfig, which is always there, so
/// that no old engine looks for host fields at top level (I14).
/// </summary>
internal sealed class ContainerCreateBody : ContainerConfig
{
    public HostConfig? HostConfig { get; set; } = new();

    public NetworkingConfig? NetworkingConfig { get; set; }
}

/// <summary>moby <c>api/types/network.NetworkingConfig</c>: endpoints by the network's name or id.</summary>
internal sealed class NetworkingConfig
{
    public Dictionary<string, EndpointSettings?>? EndpointsConfig { get; set; }
}

/// <summary>The body of ContainerUpdate: the resources at top level, with the restart policy.</summary>
internal sealed class ContainerUpdateBody : ContainerResources
{
    public RestartPolicy? RestartPolicy { get; set; }
}

/// <summary>The body of ContainerCheckpointCreate: moby <c>api/types/checkpoint.CreateRequest</c>.</summary>
internal sealed class CheckpointCreateBody
{
    public string? CheckpointID { get; set; }

    public string? CheckpointDir { get; set; }

    public bool? Exit { get; set; }
}

/// <summary>The body of ContainerCopyLegacy, which engines up to 25 route and answer with 404 (moby 25 <c>api/types.CopyConfig</c>).</summary>
internal sealed class ContainerCopyBody
{
    public string? Resource { get; set; }
}
