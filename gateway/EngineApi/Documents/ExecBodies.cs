namespace Gateway.EngineApi.Documents;

/// <summary>The body of ContainerExec: moby <c>api/types/container.ExecCreateRequest</c>.</summary>
internal sealed class ExecCreateBody
{
    public string? User { get; set; }

    public bool? Privileged { get; set; }

    public bool? Tty { get; set; }

    public List<ulong>? ConsoleSize { get; set; }

    public bool? AttachStdin { get; set; }

    public bool? AttachStdout { get; set; }

    public bool? AttachStderr { get; set; }

    /// <summary>Read by engines before 28; says nothing that ExecStart does not say again.</summary>
    public bool? Detach { get; set; }

    public string? DetachKeys { get; set; }

    public List<string>? Env { get; set; }

    public string? WorkingDir { get; set; }

    public List<string>? Cmd { get; set; }

    /// <summary>Python's client names the container again; the path is what counts.</summary>
    public string? Container { get; set; }
}

/// <summary>The body of ExecStart: moby <c>api/types/container.ExecStartRequest</c>.</summary>
internal sealed class ExecStartBody
{
    public bool? Detach { get; set; }

    public bool? Tty { get; set; }

    public List<ulong>? ConsoleSize { get; set; }
}
