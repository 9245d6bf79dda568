namespace Gateway.Policy.Checks;

/// <summary>What is recorded of the operations for root-equivalent roles alone that say something: every field of theirs that is no secret.</summary>
internal static class RootOnlyOperations
{
    private static readonly string[] Files = ["File.Name", "File.UID", "File.GID", "File.Mode"];

    private static readonly string[] Mounts =
    [
        .. Words("Type Source Target ReadOnly Consistency ClusterOptions VolumeOptions.NoCopy VolumeOptions.Subpath VolumeOptions.DriverConfig.Name ImageOptions.Subpath"),
        .. Below("BindOptions", "Propagation NonRecursive CreateMountpoint ReadOnlyNonRecursive ReadOnlyForceRecursive"),
        .. Below("TmpfsOptions", "SizeBytes Mode Options"),
    ];

    private static readonly string[] Container =
    [
        .. Words("Image Hostname User Groups Init StopSignal TTY OpenStdin ReadOnly StopGracePeriod Hosts Isolation Sysctls CapabilityAdd CapabilityDrop OomScoreAdj"),
        .. Below("Privileges", "CredentialSpec.Config CredentialSpec.File CredentialSpec.Registry Seccomp.Mode AppArmor.Mode NoNewPrivileges"),
        .. Below("Privileges.SELinuxContext", "Disable User Role Type Level"),
        .. Below("Mounts", Mounts),
        .. Below("Healthcheck", "Interval Timeout StartPeriod StartInterval Retries"),
        .. Below("DNSConfig", "Nameservers Search Options"),
        .. Below("Secrets", ["SecretID", "SecretName", .. Files]),
        .. Below("Configs", ["Runtime", "ConfigID", "ConfigName", .. Files]),
        .. Below("Ulimits", "Name Soft Hard"),
    ];

    private static readonly string[] Generic =
        [.. Below("GenericResources.NamedResourceSpec", "Kind Value"), .. Below("GenericResources.DiscreteResourceSpec", "Kind Value")];

    private static readonly string[] Task =
    [
        .. Below("ContainerSpec", Container),
        .. Below("PluginSpec", "name remote disabled privileges.name privileges.description"),
        "NetworkAttachmentSpec.ContainerID",
        .. Below("Resources.Limits", ["NanoCPUs", "MemoryBytes", "Pids", .. Generic]),
        .. Below("Resources.Reservations", ["NanoCPUs", "MemoryBytes", .. Generic]),
        .. Below("Resources", "SwapBytes MemorySwappiness"),
        .. Below("RestartPolicy", "Condition Delay MaxAttempts Window"),
        .. Below("Placement", "Constraints Preferences.Spread.SpreadDescriptor MaxReplicas Platforms.Architecture Platforms.OS"),
        .. Below("Networks", "Target Aliases"),
        .. Words("LogDriver.Name ForceUpdate Runtime"),
    ];

    private static readonly string[] Service =
    [
        "Name",
        .. Below("TaskTemplate", Task),
        .. Below("Mode", "Replicated.Replicas Global ReplicatedJob.MaxConcurrent ReplicatedJob.TotalCompletions GlobalJob"),
        .. Below("UpdateConfig", "Parallelism Delay FailureAction Monitor MaxFailureRatio Order"),
        .. Below("RollbackConfig", "Parallelism Delay FailureAction Monitor MaxFailureRatio Order"),
        .. Below("Networks", "Target Aliases"),
        .. Below("EndpointSpec", "Mode Ports.Name Ports.Protocol Ports.TargetPort Ports.PublishedPort Ports.PublishMode"),
    ];

    private static readonly string[] Cluster =
    [
        .. Words("Name Orchestration.TaskHistoryRetentionLimit Dispatcher.HeartbeatPeriod TaskDefaults.LogDriver.Name EncryptionConfig.AutoLockManagers"),
        .. Below("Raft", "SnapshotInterval KeepOldSnapshots LogEntriesForSlowFollowers ElectionTick HeartbeatTick"),
        .. Below("CAConfig", "NodeCertExpiry ExternalCAs.Protocol ExternalCAs.URL ExternalCAs.CACert SigningCACert ForceRotate"),
    ];

    private static readonly string[] ClusterVolume =
    [
        .. Words("Group AccessMode.Scope AccessMode.Sharing AccessMode.MountVolume.FsType AccessMode.MountVolume.MountFlags AccessMode.BlockVolume"),
        .. Words("AccessibilityRequirements.Requisite.Segments AccessibilityRequirements.Preferred.Segments CapacityRange.RequiredBytes CapacityRange.LimitBytes"),
        .. Words("Secrets.Key Secrets.Secret Availability"),
    ];

    public static IReadOnlyList<OperationChecks> All { get; } =
    [
        new RootOnlyChecks("ContainerCopyLegacy", "Resource"),
        new RootOnlyChecks("ContainerCheckpointList", "?dir"),
        new RootOnlyChecks("ContainerCheckpointCreate", "CheckpointID", "CheckpointDir", "Exit"),
        new RootOnlyChecks("ContainerCheckpointDelete", "?dir"),
        new RootOnlyChecks("ImageLoad", "?quiet", "?platform"),
        new RootOnlyChecks("ImagePrune", "?filters"),
        new RootOnlyChecks("BuildPrune", "?all", "?filters", "?keep-storage", "?reserved-space", "?max-used-space", "?min-free-space"),
        new RootOnlyChecks("BuildCancel", "?id"),
        new RootOnlyChecks("VolumeUpdate", ["?version", .. Below("Spec", ClusterVolume)]),
        new RootOnlyChecks("PluginList", "?filters"),
        new RootOnlyChecks("GetPluginPrivileges", "?remote"),
        new RootOnlyChecks("PluginPull", "?remote", "?name", "Name", "Description", "Value"),
        new RootOnlyChecks("PluginUpgrade", "?remote", "Name", "Description", "Value"),
        new RootOnlyChecks("PluginSet"),
        new RootOnlyChecks("PluginCreate", "?name"),
        new RootOnlyChecks("PluginEnable", "?timeout"),
        new RootOnlyChecks("PluginDisable", "?force"),
        new RootOnlyChecks("PluginDelete", "?force"),
        new RootOnlyChecks(
            "SwarmInit",
            [.. Words("ListenAddr AdvertiseAddr DataPathAddr DataPathPort ForceNewCluster AutoLockManagers Availability DefaultAddrPool SubnetSize"), .. Below("Spec", Cluster)]),
        new RootOnlyChecks("SwarmJoin", "ListenAddr", "AdvertiseAddr", "DataPathAddr", "RemoteAddrs", "Availability"),
        new RootOnlyChecks("SwarmLeave", "?force"),
        new RootOnlyChecks("SwarmUpdate", ["?version", "?rotateWorkerToken", "?rotateManagerToken", "?rotateManagerUnlockKey", .. Cluster]),
        new RootOnlyChecks("SwarmUnlock"),
        new RootOnlyChecks("ServiceCreate", Service),
        new RootOnlyChecks("ServiceUpdate", ["?version", "?registryAuthFrom", "?rollback", .. Service]),
        new RootOnlyChecks("NodeDelete", "?force"),
        new RootOnlyChecks("NodeUpdate", "?version", "Name", "Role", "Availability"),
        new RootOnlyChecks("SecretCreate", "Name", "Driver.Name", "Templating.Name"),
        new RootOnlyChecks("SecretUpdate", "?version", "Name", "Driver.Name", "Templating.Name"),
        new RootOnlyChecks("ConfigList", "?filters"),
        new RootOnlyChecks("ConfigCreate", "Name", "Templating.Name"),
        new RootOnlyChecks("ConfigUpdate", "?version", "Name", "Templating.Name"),
        new RootOnlyChecks("DebugPprofProfile", "?seconds"),
        new RootOnlyChecks("DebugPprofTrace", "?seconds"),
        new RootOnlyChecks("DebugPprofName", "?debug", "?gc", "?seconds"),
    ];

    private static string[] Words(string names) => names.Split(' ');

    private static IEnumerable<string> Below(string parent, string names) => Below(parent, Words(names));

    private static IEnumerable<string> Below(string parent, IEnumerable<string> names) => names.Select(name => $"{parent}.{name}");
}
