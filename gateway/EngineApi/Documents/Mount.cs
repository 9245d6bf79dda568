namespace Gateway.EngineApi.Documents;

/// <summary>moby <c>api/types/mount.Mount</c>.</summary>
internal sealed record Mount
{
    public string? Type { get; set; }

    public string? Source { get; set; }

    public string? Target { get; set; }

    public bool? ReadOnly { get; set; }

    public string? Consistency { get; set; }

    public BindOptions? BindOptions { get; set; }

    public VolumeOptions? VolumeOptions { get; set; }

    public ImageOptions? ImageOptions { get; set; }

    public TmpfsOptions? TmpfsOptions { get; set; }

    public EmptyObject? ClusterOptions { get; set; }
}

internal sealed record BindOptions
{
    public string? Propagation { get; set; }

    public bool? NonRecursive { get; set; }

    public bool? CreateMountpoint { get; set; }

    public bool? ReadOnlyNonRecursive { get; set; }

    public bool? ReadOnlyForceRecursive { get; set; }
}

internal sealed record VolumeOptions
{
    public bool? NoCopy { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public string? Subpath { get; set; }

    public DriverConfig? DriverConfig { get; set; }
}

/// <summary>moby <c>api/types/mount.Driver</c>.</summary>
internal sealed record DriverConfig
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Options { get; set; }
}

internal sealed record ImageOptions
{
    public string? Subpath { get; set; }
}

internal sealed record TmpfsOptions
{
    public long? SizeBytes { get; set; }

    /// <summary>File mode bits (Go's <c>os.FileMode</c>), decimal in JSON.</summary>
    public uint? Mode { get; set; }

    public List<List<string>>? Options { get; set; }
}
