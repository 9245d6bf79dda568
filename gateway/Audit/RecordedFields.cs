namespace Gateway.Audit;

using static RecordedField;

/// <summary>The fields of each operation's body that an audit record keeps, because a check reads them and none of them is a secret.</summary>
internal static class RecordedFields
{
    private const string ResourceNames =
        "CpuShares Memory NanoCpus CgroupParent BlkioWeight BlkioWeightDevice BlkioDeviceReadBps BlkioDeviceWriteBps BlkioDeviceReadIOps "
        + "BlkioDeviceWriteIOps CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems Devices DeviceCgroupRules KernelMemory "
        + "KernelMemoryTCP MemoryReservation MemorySwap MemorySwappiness OomKillDisable PidsLimit Ulimits CpuCount CpuPercent IOMaximumIOps IOMaximumBandwidth "
        + "RestartPolicy";

    private const string HostNames =
        ResourceNames + " Binds ContainerIDFile NetworkMode PortBindings AutoRemove VolumeDriver VolumesFrom ConsoleSize CapAdd CapDrop CgroupnsMode Dns "
        + "DnsOptions DnsSearch ExtraHosts GroupAdd IpcMode Cgroup Links OomScoreAdj PidMode Privileged PublishAllPorts ReadonlyRootfs SecurityOpt Tmpfs "
        + "UTSMode UsernsMode ShmSize Sysctls Runtime Isolation MaskedPaths ReadonlyPaths Init";

    // Cmd, Entrypoint, Env, Shell, WorkingDir and Healthcheck.Test are left out: they are the user's own, and may hold secrets.
    private const string ConfigNames =
        "Hostname Domainname User AttachStdin AttachStdout AttachStderr ExposedPorts Tty OpenStdin StdinOnce ArgsEscaped Image Volumes NetworkDisabled MacAddress "
        + "StopSignal StopTimeout";

    private static readonly (string, RecordedField) Labels = ("Labels", Names);

    private static readonly (string, RecordedField) Health = ("Healthcheck", Of("Interval Timeout Retries StartPeriod StartInterval"));

    private static readonly (string, RecordedField) OnBuild = ("OnBuild", Names);

    private static readonly (string, RecordedField) Requests = ("DeviceRequests", Of("Driver Count DeviceIDs Capabilities", ("Options", Names)));

    private static readonly RecordedField Endpoint = Of(
        "IPAMConfig Links Aliases DNSNames MacAddress GwPriority NetworkID EndpointID Gateway IPAddress IPPrefixLen IPv6Gateway GlobalIPv6Address GlobalIPv6PrefixLen",
        ("DriverOpts", Names));

    private static readonly RecordedField Mounts = Of(
        "Type Source Target ReadOnly Consistency BindOptions ImageOptions TmpfsOptions",
        ("ClusterOptions", Names),
        ("VolumeOptions", Of("NoCopy Subpath", Labels, ("DriverConfig", Of("Name", ("Options", Names))))));

    private static readonly RecordedField Host = Of(
        HostNames,
        Requests,
        ("Mounts", Mounts),
        ("Annotations", Names),
        ("StorageOpt", Names),
        ("LogConfig", Of("Type", ("Config", With("max-size max-file compress mode", Names)))));

    private static readonly RecordedField Config = Of(ConfigNames, Labels, Health, OnBuild);

    private static readonly Dictionary<string, RecordedField> ByOperation = new(StringComparer.Ordinal)
    {
        ["ContainerCreate"] = Of(ConfigNames, Labels, Health, OnBuild, ("HostConfig", Host), ("NetworkingConfig", Of("", ("EndpointsConfig", With("", Endpoint))))),
        ["ContainerUpdate"] = Of(ResourceNames, Requests),
        ["ContainerExec"] = Of("User Privileged Tty ConsoleSize AttachStdin AttachStdout AttachStderr Detach DetachKeys"),
        ["ExecStart"] = Of("Detach Tty ConsoleSize"),
        ["ImageCommit"] = Config,
        ["VolumeCreate"] = Of("Name Driver", Labels, ("DriverOpts", Names), ("ClusterVolumeSpec", Names)),
        ["NetworkCreate"] = Of(
            "Name CheckDuplicate Driver Scope EnableIPv4 EnableIPv6 Internal Attachable Ingress ConfigOnly ConfigFrom",
            Labels,
            ("IPAM", Of("Driver Config", ("Options", Names))),
            ("Options", With("com.docker.network.driver.mtu com.docker.network.bridge.enable_icc", Names))),
        ["NetworkConnect"] = Of("Container", ("EndpointConfig", Endpoint)),
        ["NetworkDisconnect"] = Of("Container Force"),
        ["SystemAuth"] = Of("serveraddress"),
    };

    /// <summary>Null for an operation of whose body nothing is kept.</summary>
    public static RecordedField? For(string operation) => ByOperation.GetValueOrDefault(operation);
}
