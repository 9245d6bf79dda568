namespace Gateway.EngineApi.Documents;

/// <summary>The body of ContainerExec (ExecCreate in the engine's source).</summary>
internal sealed class ExecCreateBody
{
    public string? User { get; set; }

    public bool? Privileged { get; set; }

    public bool? Tty { get; set; }

    public List<int>? ConsoleSize { get; set; }

    public bool? AttachStdin { get; set; }

    public bool? AttachStdout { get; set; }

    public bool? AttachStderr { get; set; }

    public bool? Detach { get; set; }

    public string? DetachKeys { get; set; }

    public List<string>? Env { get; set; }

    public string? WorkingDir { get; set; }

    public List<string>? Cmd { get; set; }

    /// <summary>Python's client names the container again; the path is what counts.</summary>
    public string? Container { get; set; }
}

/// <summary>The body of ExecStart.</summary>
internal sealed class ExecStartBody
{
    public bool? Detach { get; set; }

    public bool? Tty { get; set; }

    public List<int>? ConsoleSize { get; set; }
}

/// <summary>The body of VolumeCreate.</summary>
internal sealed class VolumeCreateBody
{
    public string? Name { get; set; }

    public string? Driver { get; set; }

    public Dictionary<string, string>? DriverOpts { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public EmptyObject? ClusterVolumeSpec { get; set; }
}
