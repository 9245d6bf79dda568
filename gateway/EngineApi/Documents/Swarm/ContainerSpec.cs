namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>What runs in a task: moby <c>api/types/swarm.ContainerSpec</c>.</summary>
internal sealed class ContainerSpec
{
    public string? Image { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public List<string>? Command { get; set; }

    public List<string>? Args { get; set; }

    public string? Hostname { get; set; }

    public List<string>? Env { get; set; }

    public string? Dir { get; set; }

    public string? User { get; set; }

    public List<string>? Groups { get; set; }

    public ServicePrivileges? Privileges { get; set; }

    public bool? Init { get; set; }

    public string? StopSignal { get; set; }

    public bool? TTY { get; set; }

    public bool? OpenStdin { get; set; }

    public bool? ReadOnly { get; set; }

    public List<Mount>? Mounts { get; set; }

    /// <summary>Nanoseconds.</summary>
    public long? StopGracePeriod { get; set; }

    public HealthConfig? Healthcheck { get; set; }

    public List<string>? Hosts { get; set; }

    public DnsConfig? DNSConfig { get; set; }

    public List<SecretReference>? Secrets { get; set; }

    public List<ConfigFileReference>? Configs { get; set; }

    public string? Isolation { get; set; }

    public Dictionary<string, string>? Sysctls { get; set; }

    public List<string>? CapabilityAdd { get; set; }

    public List<string>? CapabilityDrop { get; set; }

    public List<Ulimit>? Ulimits { get; set; }

    public long? OomScoreAdj { get; set; }
}

internal sealed class DnsConfig
{
    public List<string>? Nameservers { get; set; }

    public List<string>? Search { get; set; }

    public List<string>? Options { get; set; }
}

/// <summary>moby <c>api/types/swarm.SecretReference</c>.</summary>
internal sealed class SecretReference
{
    public MountedFile? File { get; set; }

    public string? SecretID { get; set; }

    public string? SecretName { get; set; }
}

/// <summary>moby <c>api/types/swarm.ConfigReference</c>.</summary>
internal sealed class ConfigFileReference
{
    public MountedFile? File { get; set; }

    public EmptyObject? Runtime { get; set; }

    public string? ConfigID { get; set; }

    public string? ConfigName { get; set; }
}

/// <summary>Where a secret or config appears in the task: moby <c>SecretReferenceFileTarget</c>, <c>ConfigReferenceFileTarget</c>.</summary>
internal sealed class MountedFile
{
    public string? Name { get; set; }

    public string? UID { get; set; }

    public string? GID { get; set; }

    /// <summary>File mode bits, decimal in JSON.</summary>
    public uint? Mode { get; set; }
}
