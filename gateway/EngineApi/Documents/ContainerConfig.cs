namespace Gateway.EngineApi.Documents;

/// <summary>What runs in a container, and the body of ImageCommit: moby <c>api/types/container.Config</c>. Null is what the caller did not say.</summary>
internal class ContainerConfig
{
    public string? Hostname { get; set; }

    public string? Domainname { get; set; }

    public string? User { get; set; }

    public bool? AttachStdin { get; set; }

    public bool? AttachStdout { get; set; }

    public bool? AttachStderr { get; set; }

    public Dictionary<string, EmptyObject?>? ExposedPorts { get; set; }

    public bool? Tty { get; set; }

    public bool? OpenStdin { get; set; }

    public bool? StdinOnce { get; set; }

    public List<string>? Env { get; set; }

    public TextOrList? Cmd { get; set; }

    public HealthConfig? Healthcheck { get; set; }

    public bool? ArgsEscaped { get; set; }

    public string? Image { get; set; }

    public Dictionary<string, EmptyObject?>? Volumes { get; set; }

    public string? WorkingDir { get; set; }

    public TextOrList? Entrypoint { get; set; }

    public bool? NetworkDisabled { get; set; }

    public string? MacAddress { get; set; }

    public List<string>? OnBuild { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public string? StopSignal { get; set; }

    /// <summary>Seconds.</summary>
    public long? StopTimeout { get; set; }

    public TextOrList? Shell { get; set; }
}

/// <summary>The value of a set's member, <c>{}</c>.</summary>
internal sealed class EmptyObject;

/// <summary>moby <c>docker-image-spec HealthcheckConfig</c>; durations are nanoseconds.</summary>
internal sealed class HealthConfig
{
    public List<string>? Test { get; set; }

    public long? Interval { get; set; }

    public long? Timeout { get; set; }

    public long? StartPeriod { get; set; }

    public long? StartInterval { get; set; }

    public long? Retries { get; set; }
}
