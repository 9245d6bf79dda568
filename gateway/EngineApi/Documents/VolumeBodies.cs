namespace Gateway.EngineApi.Documents;

/// <summary>The body of VolumeCreate: moby <c>api/types/volume.CreateRequest</c>.</summary>
internal sealed class VolumeCreateBody
{
    public string? Name { get; set; }

    public string? Driver { get; set; }

    public Dictionary<string, string>? DriverOpts { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public ClusterVolumeSpec? ClusterVolumeSpec { get; set; }
}

/// <summary>The body of VolumeUpdate, for cluster volumes: moby <c>daemon/server/volumebackend.UpdateOptions</c>.</summary>
internal sealed class VolumeUpdateBody
{
    public ClusterVolumeSpec? Spec { get; set; }
}

/// <summary>moby <c>api/types/volume.ClusterVolumeSpec</c>.</summary>
internal sealed class ClusterVolumeSpec
{
    public string? Group { get; set; }

    public VolumeAccessMode? AccessMode { get; set; }

    public TopologyRequirement? AccessibilityRequirements { get; set; }

    public CapacityRange? CapacityRange { get; set; }

    public List<VolumeSecret>? Secrets { get; set; }

    public string? Availability { get; set; }
}

internal sealed class VolumeAccessMode
{
    public string? Scope { get; set; }

    public string? Sharing { get; set; }

    public VolumeMountAccess? MountVolume { get; set; }

    public EmptyObject? BlockVolume { get; set; }
}

internal sealed class VolumeMountAccess
{
    public string? FsType { get; set; }

    public List<string>? MountFlags { get; set; }
}

internal sealed class TopologyRequirement
{
    public List<VolumeTopology>? Requisite { get; set; }

    public List<VolumeTopology>? Preferred { get; set; }
}

internal sealed class VolumeTopology
{
    public Dictionary<string, string>? Segments { get; set; }
}

/// <summary>Bytes.</summary>
internal sealed class CapacityRange
{
    public long? RequiredBytes { get; set; }

    public long? LimitBytes { get; set; }
}

/// <summary>A swarm secret by the name under which the volume's driver asks for it.</summary>
internal sealed class VolumeSecret
{
    public string? Key { get; set; }

    public string? Secret { get; set; }
}
