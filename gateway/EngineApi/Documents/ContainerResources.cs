namespace Gateway.EngineApi.Documents;

/// <summary>Limits and devices, in create's HostConfig and at top level of update: moby <c>api/types/container.Resources</c>.</summary>
internal class ContainerResources
{
    public long? CpuShares { get; set; }

    public long? Memory { get; set; }

    public long? NanoCpus { get; set; }

    public string? CgroupParent { get; set; }

    public ushort? BlkioWeight { get; set; }

    public List<WeightDevice>? BlkioWeightDevice { get; set; }

    public List<ThrottleDevice>? BlkioDeviceReadBps { get; set; }

    public List<ThrottleDevice>? BlkioDeviceWriteBps { get; set; }

    public List<ThrottleDevice>? BlkioDeviceReadIOps { get; set; }

    public List<ThrottleDevice>? BlkioDeviceWriteIOps { get; set; }

    public long? CpuPeriod { get; set; }

    public long? CpuQuota { get; set; }

    public long? CpuRealtimePeriod { get; set; }

    public long? CpuRealtimeRuntime { get; set; }

    public string? CpusetCpus { get; set; }

    public string? CpusetMems { get; set; }

    public List<DeviceMapping>? Devices { get; set; }

    public List<string>? DeviceCgroupRules { get; set; }

    public List<DeviceRequest>? DeviceRequests { get; set; }

    public long? KernelMemory { get; set; }

    public long? KernelMemoryTCP { get; set; }

    public long? MemoryReservation { get; set; }

    public long? MemorySwap { get; set; }

    public long? MemorySwappiness { get; set; }

    public bool? OomKillDisable { get; set; }

    public long? PidsLimit { get; set; }

    public List<Ulimit>? Ulimits { get; set; }

    public long? CpuCount { get; set; }

    public long? CpuPercent { get; set; }

    public ulong? IOMaximumIOps { get; set; }

    public ulong? IOMaximumBandwidth { get; set; }
}

/// <summary>moby <c>api/types/blkiodev.WeightDevice</c>.</summary>
internal sealed record WeightDevice
{
    public string? Path { get; set; }

    public ushort? Weight { get; set; }
}

/// <summary>moby <c>api/types/blkiodev.ThrottleDevice</c>; a rate in bytes or operations a second.</summary>
internal sealed record ThrottleDevice
{
    public string? Path { get; set; }

    public ulong? Rate { get; set; }
}

internal sealed record DeviceMapping
{
    public string? PathOnHost { get; set; }

    public string? PathInContainer { get; set; }

    public string? CgroupPermissions { get; set; }
}

internal sealed record DeviceRequest
{
    public string? Driver { get; set; }

    /// <summary>-1 is all there are.</summary>
    public long? Count { get; set; }

    public List<string>? DeviceIDs { get; set; }

    public List<List<string>>? Capabilities { get; set; }

    public Dictionary<string, string>? Options { get; set; }
}

/// <summary>docker/go-units <c>Ulimit</c>; -1 is unlimited.</summary>
internal sealed record Ulimit
{
    public string? Name { get; set; }

    public long? Soft { get; set; }

    public long? Hard { get; set; }
}

internal sealed record RestartPolicy
{
    public string? Name { get; set; }

    public long? MaximumRetryCount { get; set; }
}
