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
