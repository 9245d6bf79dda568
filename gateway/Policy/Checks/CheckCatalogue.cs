using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Which checks go with which operation, in the order in which they run, and what needs none. Every field of a document and every
/// query parameter stands in one of the two (a test holds this list to it). Operations that are not here have neither body nor
/// query.
/// </summary>
internal static class CheckCatalogue
{
    public static IReadOnlyList<OperationChecks> All { get; } =
    [
        new BodyChecks<ContainerCreateBody>(
            "ContainerCreate",
            [
                NameCheck.OfCreate,
                ImageCheck.OfCreate,
                LabelCheck.OfCreate,
                ProcessCheck.OfCreate,
                HealthCheck.OfCreate,
                PrivilegedCheck.OfCreate,
                CapabilityCheck.OfCreate,
                SecurityOptionCheck.OfCreate,
                SecurityOptionCheck.OfMasks,
                UserCheck.OfCreate,
                GroupCheck.OfCreate,
                NamespaceCheck.OfCreate,
                SysctlCheck.OfCreate,
                CgroupCheck.OfCreate,
                DeviceCheck.OfCreate,
                GpuCheck.OfCreate,
                RuntimeCheck.OfCreate,
                MemoryCheck.OfCreate,
                MemoryCheck.OfShm,
                CpuCheck.OfCreate,
                PidsCheck.OfCreate,
                UlimitCheck.OfCreate,
                OomCheck.OfCreate,
                BlockIoCheck.OfCreate,
                WindowsCheck.OfCreate,
                RestartCheck.OfCreate,
                ConsoleCheck.OfCreate,
                LogCheck.OfCreate,
                StorageCheck.OfCreate,
                PublishCheck.OfExposed,
                PublishCheck.OfCreate,
                NetworkCheck.OfCreate,
                EndpointCheck.OfCreate,
                SharedNameCheck.OfCreate,
                LinkCheck.OfCreate,
                DnsCheck.OfCreate,
                BindsCheck.OfCreate,
                MountCheck.OfCreate,
                VolumeMountCheck.OfCreate,
                BindCheck.OfCreate,
                TmpfsCheck.OfCreate,
                ImageMountCheck.OfCreate,
                VolumesFromCheck.OfCreate,
                DeviceNodeCheck.OfCreate,
            ],
            HarmlessFields.Create),
        new BodyChecks<ContainerUpdateBody>(
            "ContainerUpdate",
            [
                MemoryCheck.OfUpdate, CpuCheck.OfUpdate, PidsCheck.OfUpdate, UlimitCheck.OfUpdate, OomCheck.OfUpdate, BlockIoCheck.OfUpdate, WindowsCheck.OfUpdate,
                CgroupCheck.OfUpdate, DeviceCheck.OfUpdate, GpuCheck.OfUpdate, RestartCheck.OfUpdate,
            ],
            []),
        new BodyChecks<ExecCreateBody>(
            "ContainerExec", [ProcessCheck.OfExecContainer, PrivilegedCheck.OfExec, UserCheck.OfExec, ExecBindCheck.OfExec, KeptRightsCheck.OfExec, ConsoleCheck.OfExec], HarmlessFields.Exec),
        new BodyChecks<ExecStartBody>(
            "ExecStart", [UserCheck.OfExecStart, KeptRightsCheck.OfExecStart, ConsoleCheck.OfExecStart], HarmlessFields.ExecStart),

        new QueryChecks("ContainerList", [FilterChecks.Containers], HarmlessField.Query("all size limit", "how much of the own list")),
        new QueryChecks("ContainerInspect", [], HarmlessField.Query("size", "whether the own container's size is counted")),
        new QueryChecks("ContainerTop", [ContainerQueryChecks.Top], []),
        new QueryChecks("ContainerLogs", [], HarmlessFields.Logs),
        new QueryChecks("ContainerStats", [], HarmlessField.Query("stream one-shot", "how often the own container's numbers come")),
        new QueryChecks("ContainerResize", [], HarmlessFields.Size),
        new QueryChecks("ExecResize", [], HarmlessFields.Size),
        new QueryChecks("ContainerStart", [ContainerQueryChecks.Start, BindCheck.OfStart, DeviceNodeCheck.OfStart, KeptRightsCheck.OfContainer], []),
        new QueryChecks("ContainerStop", [SignalCheck.OfQuery, ContainerQueryChecks.Wait], []),
        new QueryChecks("ContainerRestart", [SignalCheck.OfQuery, ContainerQueryChecks.Wait, BindCheck.OfStart, DeviceNodeCheck.OfStart, KeptRightsCheck.OfContainer], []),
        new QueryChecks("ContainerKill", [SignalCheck.OfQuery], []),
        new QueryChecks("ContainerRename", [NameCheck.OfRename], []),
        new QueryChecks("ContainerAttach", [KeptRightsCheck.OfContainer], HarmlessFields.Attach),
        new QueryChecks("ContainerAttachWebsocket", [KeptRightsCheck.OfContainer], HarmlessFields.Attach),
        new QueryChecks("ContainerWait", [], HarmlessField.Query("condition", "what the own container is waited for")),
        new QueryChecks("ContainerDelete", [ContainerQueryChecks.Delete], HarmlessField.Query("v force", "the own container's anonymous volumes, and whether it is killed first")),
        new QueryChecks("ContainerArchiveInfo", [], HarmlessField.Query("path", "a place inside the own container")),
        new QueryChecks("ContainerArchive", [], HarmlessField.Query("path", "a place inside the own container")),
        new QueryChecks("PutContainerArchive", [ArchiveCheck.OfPut], HarmlessField.Query("noOverwriteDirNonDir copyUIDGID", "how files are written inside the own container")),
        new QueryChecks("ContainerPrune", [FilterChecks.Prunes], []),

        new QueryChecks("ImageList", [FilterChecks.Images], HarmlessField.Query("all filter shared-size manifests identity", "how much is said of images that may be read")),
        new QueryChecks("ImageInspect", [ImageQueryChecks.Read], [.. HarmlessFields.Platform, .. HarmlessField.Query("manifests", "how much is said of an image that may be read")]),
        new QueryChecks("ImageHistory", [ImageQueryChecks.Read], HarmlessFields.Platform),
        new QueryChecks("ImageAttestations", [ImageQueryChecks.Read], [.. HarmlessFields.Platform, .. HarmlessField.Query("type statement", "how much is said of an image that may be read")]),
        new QueryChecks("ImageSearch", [RegistryCheck.OfSearch, RegistryCheck.OfHead], HarmlessField.Query("limit filters", "how much of what the registry tells everybody")),
        new QueryChecks("ImageGet", [ImageQueryChecks.Read], HarmlessFields.Platform),
        new QueryChecks("ImageGetAll", [ImageQueryChecks.ReadAll], HarmlessFields.Platform),
        new QueryChecks("ImageCreate", [ImageQueryChecks.Pull, RegistryCheck.OfPull, RegistryCheck.OfHead], HarmlessFields.Platform),
        new QueryChecks("ImagePush", [OwnImageChecks.Push, RegistryCheck.OfPush, RegistryCheck.OfHead], HarmlessFields.Platform),
        new QueryChecks("ImageTag", [ImageQueryChecks.Read, OwnImageChecks.Tag], []),
        new QueryChecks("ImageDelete", [OwnImageChecks.Delete], HarmlessField.Query("force noprune platforms", "how much of the own image goes")),
        new BodyChecks<ContainerConfig>(
            "ImageCommit",
            [
                CommitCheck.Container, OwnImageChecks.Commit, CommitCheck.Changes, CommitCheck.Image, LabelCheck.OfCommit, UserCheck.OfCommit, ProcessCheck.OfCommit,
                HealthCheck.OfCommit, PublishCheck.OfCommit, EndpointCheck.OfCommit,
            ],
            HarmlessFields.Commit),
        new QueryChecks(
            "ImageBuild",
            [
                BuildCheck.Reach, UserCheck.OfBuild, OwnImageChecks.Build, LabelCheck.OfBuild, NetworkCheck.OfBuild, BuildCheck.CacheFrom, MemoryCheck.OfBuild, CpuCheck.OfBuild,
                UlimitCheck.OfBuild, DnsCheck.OfBuild, RegistryCheck.OfBuildHead,
            ],
            HarmlessFields.Build),
        new QueryChecks("DistributionInspect", [RegistryCheck.OfDistribution, RegistryCheck.OfHead], []),
        new BodyChecks<AuthBody>("SystemAuth", [RegistryCheck.OfAuth], HarmlessFields.Auth),

        new BodyChecks<VolumeCreateBody>("VolumeCreate", [LabelCheck.OfVolume, NameCheck.OfVolume, VolumeDriverCheck.OfVolume], []),
        new QueryChecks("VolumeList", [], HarmlessFields.Filters),
        new QueryChecks("VolumeDelete", [], HarmlessField.Query("force", "whether a driver's error about the own volume counts")),
        new QueryChecks("VolumePrune", [FilterChecks.Prunes], []),
        new BodyChecks<NetworkCreateBody>(
            "NetworkCreate", [LabelCheck.OfNetwork, NameCheck.OfNetwork, NetworkDriverCheck.OfNetwork, NetworkDriverCheck.OfSubnets], HarmlessFields.Network),
        new BodyChecks<NetworkConnectBody>(
            "NetworkConnect", [EndpointCheck.OfConnect, SharedNameCheck.OfConnect], [new("EndpointConfig.GwPriority", "which of the own networks the container's default route takes")]),
        new BodyChecks<NetworkDisconnectBody>("NetworkDisconnect", [EndpointCheck.OfDisconnect], [new("Force", "whether an own container that is gone counts")]),
        new QueryChecks("NetworkList", [], HarmlessFields.Filters),
        new QueryChecks("NetworkListSlash", [], HarmlessFields.Filters),
        new QueryChecks("NetworkInspect", [], HarmlessField.Query("verbose scope", "how much is said of a network that may be seen; the answer is narrowed")),
        new QueryChecks("NetworkPrune", [FilterChecks.Prunes], []),

        new QueryChecks("SystemEvents", [], [.. HarmlessFields.Filters, .. HarmlessField.Query("since until", "from when to when")]),
        new QueryChecks("SystemDataUsage", [], HarmlessField.Query("type verbose", "how much is counted; the answer is narrowed")),

        new QueryChecks("ServiceList", [], HarmlessField.Query("filters status", "for rules about everybody's objects alone")),
        new QueryChecks("ServiceInspect", [], HarmlessField.Query("insertDefaults", "for rules about everybody's objects alone")),
        new QueryChecks("ServiceLogs", [], HarmlessFields.Logs.Where(field => field.Path is not ("?until" or "?format"))),
        new QueryChecks("TaskList", [], HarmlessField.Query("filters", "for rules about everybody's objects alone")),
        new QueryChecks("TaskLogs", [], HarmlessFields.Logs.Where(field => field.Path is not ("?until" or "?format"))),
        new QueryChecks("NodeList", [], HarmlessField.Query("filters", "for rules about everybody's objects alone")),
        new QueryChecks("SecretList", [], HarmlessField.Query("filters", "for rules about everybody's objects alone")),

        .. RootOnlyOperations.All,
    ];

    private static readonly Dictionary<EngineOperation, OperationChecks> ByOperation = All.ToDictionary(checks => checks.Operation);

    /// <summary>The operation's checks; null for one that has neither body nor query.</summary>
    public static OperationChecks? For(EngineOperation operation) => ByOperation.GetValueOrDefault(operation);
}
