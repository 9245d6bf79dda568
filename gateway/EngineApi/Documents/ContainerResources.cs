namespace Gateway.EngineApi.Documents;

/// <summary>Limits and devices, in create's HostConfig and at top level of update: moby <c>api/types/container.Resources</c>.</summary>
internal class ContainerResources
{
    public long? CpuShares { get; set; }

    public long? Memory { get; set; }

    public long? NanoCpus { get; set; }

    public string? CgroupParent { get; set; }

    public int? BlkioWeight { get; set; }

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

    public long? IOMaximumIOps { get; set; }

    public long? IOMaximumBandwidth { get; set; }
}

internal sealed record WeightDevice(string? Path, int? Weight);

internal sealed record ThrottleDevice(string? Path, long? Rate);

internal sealed record DeviceMapping(string? PathOnHost, string? PathInContainer, string? CgroupPermissions);

internal sealed record DeviceRequest(
    string? Driver, int? Count, List<string>? DeviceIDs, List<List<string>>? Capabilities, Dictionary<string, string>? Options);

internal sealed record Ulimit(string? Name, long? Soft, long? Hard);

internal sealed record RestartPolicy(string? Name, int? MaximumRetryCount);
