namespace Gateway.EngineApi.Documents;

/// <summary>How a container stands to its host: moby <c>api/types/container.HostConfig</c>, every field of API 1.24 to 1.55.</summary>
internal sealed class HostConfig : ContainerResources
{
    public List<string>? Binds { get; set; }

    public string? ContainerIDFile { get; set; }

    public LogConfig? LogConfig { get; set; }

    public string? NetworkMode { get; set; }

    public Dictionary<string, List<PortBinding>?>? PortBindings { get; set; }

    public RestartPolicy? RestartPolicy { get; set; }

    public bool? AutoRemove { get; set; }

    public string? VolumeDriver { get; set; }

    public List<string>? VolumesFrom { get; set; }

    /// <summary>Height and width.</summary>
    public List<ulong>? ConsoleSize { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }

    public TextOrList? CapAdd { get; set; }

    public TextOrList? CapDrop { get; set; }

    public string? CgroupnsMode { get; set; }

    public List<string>? Dns { get; set; }

    public List<string>? DnsOptions { get; set; }

    public List<string>? DnsSearch { get; set; }

    public List<string>? ExtraHosts { get; set; }

    public List<string>? GroupAdd { get; set; }

    public string? IpcMode { get; set; }

    public string? Cgroup { get; set; }

    public List<string>? Links { get; set; }

    public long? OomScoreAdj { get; set; }

    public string? PidMode { get; set; }

    public bool? Privileged { get; set; }

    public bool? PublishAllPorts { get; set; }

    public bool? ReadonlyRootfs { get; set; }

    public List<string>? SecurityOpt { get; set; }

    public Dictionary<string, string>? StorageOpt { get; set; }

    public Dictionary<string, string>? Tmpfs { get; set; }

    public string? UTSMode { get; set; }

    public string? UsernsMode { get; set; }

    public long? ShmSize { get; set; }

    public Dictionary<string, string>? Sysctls { get; set; }

    public string? Runtime { get; set; }

    public string? Isolation { get; set; }

    public List<Mount>? Mounts { get; set; }

    public List<string>? MaskedPaths { get; set; }

    public List<string>? ReadonlyPaths { get; set; }

    public bool? Init { get; set; }
}

internal sealed record LogConfig
{
    public string? Type { get; set; }

    public Dictionary<string, string>? Config { get; set; }
}

internal sealed record PortBinding
{
    public string? HostIp { get; set; }

    public string? HostPort { get; set; }
}
