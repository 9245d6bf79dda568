namespace Gateway.EngineApi.Documents;

/// <summary>moby <c>api/types/mount.Mount</c>.</summary>
internal sealed record Mount
{
    public string? Type { get; init; }

    public string? Source { get; init; }

    public string? Target { get; init; }

    public bool? ReadOnly { get; init; }

    public string? Consistency { get; init; }

    public BindOptions? BindOptions { get; init; }

    public VolumeOptions? VolumeOptions { get; init; }

    public ImageOptions? ImageOptions { get; init; }

    public TmpfsOptions? TmpfsOptions { get; init; }

    public EmptyObject? ClusterOptions { get; init; }
}

internal sealed record BindOptions
{
    public string? Propagation { get; init; }

    public bool? NonRecursive { get; init; }

    public bool? CreateMountpoint { get; init; }

    public bool? ReadOnlyNonRecursive { get; init; }

    public bool? ReadOnlyForceRecursive { get; init; }
}

internal sealed record VolumeOptions
{
    public bool? NoCopy { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public string? Subpath { get; init; }

    public DriverConfig? DriverConfig { get; init; }
}

internal sealed record DriverConfig(string? Name, Dictionary<string, string>? Options);

internal sealed record ImageOptions(string? Subpath);

internal sealed record TmpfsOptions(long? SizeBytes, int? Mode, List<List<string>>? Options);
