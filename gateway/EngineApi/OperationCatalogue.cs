namespace Gateway.EngineApi;

/// <summary>
/// Every operation that an engine of API 1.24 to 1.55 routes (moby <c>daemon/server/router/*</c>). What is not here is refused
/// for everybody (I1). First match wins, as in the engine's own router.
/// </summary>
internal static class OperationCatalogue
{
    /// <summary>The catalogue, in the engine's order of registration.</summary>
    public static IReadOnlyList<EngineOperation> All { get; } =
    [
        Row("ContainerList", "GET", "/containers/json", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, "all size limit since before filters"),
        Row("ContainerCreate", "POST", "/containers/create", 24, ObjectKind.Container, BodyKind.Json, StreamKind.None, Effect.Create, "name platform"),
        Row("ContainerInspect", "GET", "/containers/{name:.*}/json", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, "size"),
        Row("ContainerTop", "GET", "/containers/{name:.*}/top", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, "ps_args"),
        Row("ContainerLogs", "GET", "/containers/{name:.*}/logs", 24, ObjectKind.Container, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "follow stdout stderr since until timestamps tail details format"),
        Row("ContainerChanges", "GET", "/containers/{name:.*}/changes", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("ContainerExport", "GET", "/containers/{name:.*}/export", 24, ObjectKind.Container, BodyKind.None, StreamKind.Download, Effect.Read, ""),
        Row("ContainerStats", "GET", "/containers/{name:.*}/stats", 24, ObjectKind.Container, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "stream one-shot"),
        Row("ContainerResize", "POST", "/containers/{name:.*}/resize", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, "h w"),
        Row("ContainerStart", "POST", "/containers/{name:.*}/start", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Exec, "checkpoint checkpoint-dir"),
        Row("ContainerStop", "POST", "/containers/{name:.*}/stop", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, "t signal"),
        Row("ContainerRestart", "POST", "/containers/{name:.*}/restart", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Exec, "t signal"),
        Row("ContainerKill", "POST", "/containers/{name:.*}/kill", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, "signal"),
        Row("ContainerUpdate", "POST", "/containers/{name:.*}/update", 24, ObjectKind.Container, BodyKind.Json, StreamKind.None, Effect.Change, ""),
        Row("ContainerRename", "POST", "/containers/{name:.*}/rename", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, "name"),
        Row("ContainerPause", "POST", "/containers/{name:.*}/pause", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, ""),
        Row("ContainerUnpause", "POST", "/containers/{name:.*}/unpause", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Change, ""),
        Row("ContainerAttach", "POST", "/containers/{name:.*}/attach", 24, ObjectKind.Container, BodyKind.Raw, StreamKind.Hijack, Effect.Exec, "detachKeys logs stream stdin stdout stderr"),
        Row("ContainerAttachWebsocket", "GET", "/containers/{name:.*}/attach/ws", 24, ObjectKind.Container, BodyKind.None, StreamKind.Hijack, Effect.Exec, "detachKeys logs stream stdin stdout stderr"),
        Row("ContainerWait", "POST", "/containers/{name:.*}/wait", 24, ObjectKind.Container, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "condition"),
        Row("ContainerDelete", "DELETE", "/containers/{name:.*}", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Delete, "v force link"),
        Row("ContainerArchiveInfo", "HEAD", "/containers/{name:.*}/archive", 24, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, "path"),
        Row("ContainerArchive", "GET", "/containers/{name:.*}/archive", 24, ObjectKind.Container, BodyKind.None, StreamKind.Download, Effect.Read, "path"),
        Row("PutContainerArchive", "PUT", "/containers/{name:.*}/archive", 24, ObjectKind.Container, BodyKind.Tar, StreamKind.Upload, Effect.Change, "path noOverwriteDirNonDir copyUIDGID"),
        Row("ContainerPrune", "POST", "/containers/prune", 25, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Delete, "filters"),

        Row("ContainerExec", "POST", "/containers/{name:.*}/exec", 24, ObjectKind.Exec, BodyKind.Json, StreamKind.None, Effect.Create, ""),

        Row("ContainerCopyLegacy", "POST", "/containers/{name:.*}/copy", 24, ObjectKind.Container, BodyKind.Json, StreamKind.None, Effect.Read, "", maxApi: 44),
        Row("ContainerCheckpointList", "GET", "/containers/{name:.*}/checkpoints", 25, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Read, "dir"),
        Row("ContainerCheckpointCreate", "POST", "/containers/{name:.*}/checkpoints", 25, ObjectKind.Container, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("ContainerCheckpointDelete", "DELETE", "/containers/{name}/checkpoints/{checkpoint}", 25, ObjectKind.Container, BodyKind.None, StreamKind.None, Effect.Delete, "dir"),

        Row("ExecStart", "POST", "/exec/{name:.*}/start", 24, ObjectKind.Exec, BodyKind.Json, StreamKind.Hijack, Effect.Exec, ""),
        Row("ExecResize", "POST", "/exec/{name:.*}/resize", 24, ObjectKind.Exec, BodyKind.None, StreamKind.None, Effect.Change, "h w"),
        Row("ExecInspect", "GET", "/exec/{id:.*}/json", 24, ObjectKind.Exec, BodyKind.None, StreamKind.None, Effect.Read, ""),

        Row("ImageList", "GET", "/images/json", 24, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Read, "all filters filter shared-size manifests identity"),
        Row("ImageInspect", "GET", "/images/{name:.*}/json", 24, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Read, "manifests platform"),
        Row("ImageHistory", "GET", "/images/{name:.*}/history", 24, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Read, "platform"),
        Row("ImageAttestations", "GET", "/images/{name:.*}/attestations", 55, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Read, "platform type statement"),

        Row("ImageSearch", "GET", "/images/search", 24, ObjectKind.None, BodyKind.None, StreamKind.None, Effect.Read, "term limit filters"),

        Row("ImageGet", "GET", "/images/{name:.*}/get", 24, ObjectKind.Image, BodyKind.None, StreamKind.Download, Effect.Read, "platform"),
        Row("ImageGetAll", "GET", "/images/get", 24, ObjectKind.Image, BodyKind.None, StreamKind.Download, Effect.Read, "names platform"),
        Row("ImageLoad", "POST", "/images/load", 24, ObjectKind.Image, BodyKind.Tar, StreamKind.Upload, Effect.Create, "quiet platform"),
        Row("ImageCreate", "POST", "/images/create", 24, ObjectKind.Image, BodyKind.Raw, StreamKind.ChunkedFollow, Effect.Create, "fromImage fromSrc repo tag message changes platform"),
        Row("ImagePush", "POST", "/images/{name:.*}/push", 24, ObjectKind.Image, BodyKind.Raw, StreamKind.ChunkedFollow, Effect.Change, "tag platform"),
        Row("ImageTag", "POST", "/images/{name:.*}/tag", 24, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Change, "repo tag"),
        Row("ImageDelete", "DELETE", "/images/{name:.*}", 24, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Delete, "force noprune platforms"),
        Row("ImagePrune", "POST", "/images/prune", 25, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Delete, "filters"),
        Row("ImageCommit", "POST", "/commit", 24, ObjectKind.Image, BodyKind.Json, StreamKind.None, Effect.Create, "container repo tag comment author pause changes"),

        Row("ImageBuild", "POST", "/build", 24, ObjectKind.Build, BodyKind.Tar, StreamKind.Upload, Effect.Exec, "dockerfile q nocache forcerm rm pull memory memswap cpushares cpuperiod cpuquota cpusetcpus cpusetmems cgroupparent networkmode t extrahosts securityopt squash target remote session buildid platform outputs shmsize isolation ulimits buildargs labels cachefrom version"),
        Row("BuildPrune", "POST", "/build/prune", 31, ObjectKind.Build, BodyKind.None, StreamKind.None, Effect.Delete, "all filters keep-storage reserved-space max-used-space min-free-space"),
        Row("BuildCancel", "POST", "/build/cancel", 39, ObjectKind.Build, BodyKind.None, StreamKind.None, Effect.Change, "id"),
        Row("Session", "POST", "/session", 31, ObjectKind.Build, BodyKind.Raw, StreamKind.H2c, Effect.Exec, ""),
        Row("Grpc", "POST", "/grpc", 39, ObjectKind.Build, BodyKind.Grpc, StreamKind.H2c, Effect.Exec, ""),

        Row("DistributionInspect", "GET", "/distribution/{name:.*}/json", 30, ObjectKind.Image, BodyKind.None, StreamKind.None, Effect.Read, ""),

        Row("SystemAuth", "POST", "/auth", 24, ObjectKind.System, BodyKind.Json, StreamKind.None, Effect.Read, ""),
        Row("SystemPing", "GET", "/_ping", 24, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SystemPingHead", "HEAD", "/_ping", 40, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SystemVersion", "GET", "/version", 24, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SystemInfo", "GET", "/info", 24, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SystemEvents", "GET", "/events", 24, ObjectKind.System, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "since until filters"),
        Row("SystemDataUsage", "GET", "/system/df", 25, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, "type verbose"),
        Row("SystemOptions", "OPTIONS", "/{anyroute:.*}", 24, ObjectKind.System, BodyKind.None, StreamKind.None, Effect.Read, ""),

        Row("NetworkList", "GET", "/networks", 24, ObjectKind.Network, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("NetworkListSlash", "GET", "/networks/", 24, ObjectKind.Network, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("NetworkInspect", "GET", "/networks/{id:.+}", 24, ObjectKind.Network, BodyKind.None, StreamKind.None, Effect.Read, "verbose scope"),
        Row("NetworkCreate", "POST", "/networks/create", 24, ObjectKind.Network, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("NetworkConnect", "POST", "/networks/{id:.*}/connect", 24, ObjectKind.Network, BodyKind.Json, StreamKind.None, Effect.Change, ""),
        Row("NetworkDisconnect", "POST", "/networks/{id:.*}/disconnect", 24, ObjectKind.Network, BodyKind.Json, StreamKind.None, Effect.Change, ""),
        Row("NetworkDelete", "DELETE", "/networks/{id:.*}", 24, ObjectKind.Network, BodyKind.None, StreamKind.None, Effect.Delete, ""),
        Row("NetworkPrune", "POST", "/networks/prune", 25, ObjectKind.Network, BodyKind.None, StreamKind.None, Effect.Delete, "filters"),

        Row("VolumeList", "GET", "/volumes", 24, ObjectKind.Volume, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("VolumeInspect", "GET", "/volumes/{name:.*}", 24, ObjectKind.Volume, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("VolumeCreate", "POST", "/volumes/create", 24, ObjectKind.Volume, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("VolumeUpdate", "PUT", "/volumes/{name:.*}", 42, ObjectKind.Volume, BodyKind.Json, StreamKind.None, Effect.Change, "version"),
        Row("VolumeDelete", "DELETE", "/volumes/{name:.*}", 24, ObjectKind.Volume, BodyKind.None, StreamKind.None, Effect.Delete, "force"),
        Row("VolumePrune", "POST", "/volumes/prune", 25, ObjectKind.Volume, BodyKind.None, StreamKind.None, Effect.Delete, "filters"),

        Row("PluginList", "GET", "/plugins", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("GetPluginPrivileges", "GET", "/plugins/privileges", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Read, "remote"),
        Row("PluginInspect", "GET", "/plugins/{name:.*}/json", 25, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("PluginPull", "POST", "/plugins/pull", 24, ObjectKind.Plugin, BodyKind.Json, StreamKind.ChunkedFollow, Effect.Create, "remote name"),
        Row("PluginPush", "POST", "/plugins/{name:.*}/push", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.ChunkedFollow, Effect.Change, ""),
        Row("PluginUpgrade", "POST", "/plugins/{name:.*}/upgrade", 26, ObjectKind.Plugin, BodyKind.Json, StreamKind.ChunkedFollow, Effect.Change, "remote"),
        Row("PluginSet", "POST", "/plugins/{name:.*}/set", 24, ObjectKind.Plugin, BodyKind.Json, StreamKind.None, Effect.Change, ""),
        Row("PluginCreate", "POST", "/plugins/create", 24, ObjectKind.Plugin, BodyKind.Tar, StreamKind.Upload, Effect.Create, "name"),
        Row("PluginEnable", "POST", "/plugins/{name:.*}/enable", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Exec, "timeout"),
        Row("PluginDisable", "POST", "/plugins/{name:.*}/disable", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Change, "force"),
        Row("PluginDelete", "DELETE", "/plugins/{name:.*}", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Delete, "force"),
        Row("PluginInspectLegacy", "GET", "/plugins/{name:.*}", 24, ObjectKind.Plugin, BodyKind.None, StreamKind.None, Effect.Read, "", maxApi: 24),

        Row("SwarmInspect", "GET", "/swarm", 24, ObjectKind.Swarm, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SwarmUnlockkey", "GET", "/swarm/unlockkey", 24, ObjectKind.Swarm, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SwarmInit", "POST", "/swarm/init", 24, ObjectKind.Swarm, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("SwarmJoin", "POST", "/swarm/join", 24, ObjectKind.Swarm, BodyKind.Json, StreamKind.None, Effect.Change, ""),
        Row("SwarmLeave", "POST", "/swarm/leave", 24, ObjectKind.Swarm, BodyKind.None, StreamKind.None, Effect.Delete, "force"),
        Row("SwarmUpdate", "POST", "/swarm/update", 24, ObjectKind.Swarm, BodyKind.Json, StreamKind.None, Effect.Change, "version rotateWorkerToken rotateManagerToken rotateManagerUnlockKey"),
        Row("SwarmUnlock", "POST", "/swarm/unlock", 24, ObjectKind.Swarm, BodyKind.Json, StreamKind.None, Effect.Change, ""),

        Row("ServiceList", "GET", "/services", 24, ObjectKind.Service, BodyKind.None, StreamKind.None, Effect.Read, "filters status"),
        Row("ServiceInspect", "GET", "/services/{id}", 24, ObjectKind.Service, BodyKind.None, StreamKind.None, Effect.Read, "insertDefaults"),
        Row("ServiceCreate", "POST", "/services/create", 24, ObjectKind.Service, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("ServiceUpdate", "POST", "/services/{id}/update", 24, ObjectKind.Service, BodyKind.Json, StreamKind.None, Effect.Change, "version registryAuthFrom rollback"),
        Row("ServiceDelete", "DELETE", "/services/{id}", 24, ObjectKind.Service, BodyKind.None, StreamKind.None, Effect.Delete, ""),
        Row("ServiceLogs", "GET", "/services/{id}/logs", 24, ObjectKind.Service, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "follow stdout stderr since timestamps tail details"),

        Row("TaskList", "GET", "/tasks", 24, ObjectKind.Task, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("TaskInspect", "GET", "/tasks/{id}", 24, ObjectKind.Task, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("TaskLogs", "GET", "/tasks/{id}/logs", 29, ObjectKind.Task, BodyKind.None, StreamKind.ChunkedFollow, Effect.Read, "follow stdout stderr since timestamps tail details"),

        Row("NodeList", "GET", "/nodes", 24, ObjectKind.Node, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("NodeInspect", "GET", "/nodes/{id}", 24, ObjectKind.Node, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("NodeDelete", "DELETE", "/nodes/{id}", 24, ObjectKind.Node, BodyKind.None, StreamKind.None, Effect.Delete, "force"),
        Row("NodeUpdate", "POST", "/nodes/{id}/update", 24, ObjectKind.Node, BodyKind.Json, StreamKind.None, Effect.Change, "version"),

        Row("SecretList", "GET", "/secrets", 25, ObjectKind.Secret, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("SecretCreate", "POST", "/secrets/create", 25, ObjectKind.Secret, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("SecretInspect", "GET", "/secrets/{id}", 25, ObjectKind.Secret, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("SecretDelete", "DELETE", "/secrets/{id}", 25, ObjectKind.Secret, BodyKind.None, StreamKind.None, Effect.Delete, ""),
        Row("SecretUpdate", "POST", "/secrets/{id}/update", 26, ObjectKind.Secret, BodyKind.Json, StreamKind.None, Effect.Change, "version"),

        Row("ConfigList", "GET", "/configs", 30, ObjectKind.Config, BodyKind.None, StreamKind.None, Effect.Read, "filters"),
        Row("ConfigCreate", "POST", "/configs/create", 30, ObjectKind.Config, BodyKind.Json, StreamKind.None, Effect.Create, ""),
        Row("ConfigInspect", "GET", "/configs/{id}", 30, ObjectKind.Config, BodyKind.None, StreamKind.None, Effect.Read, ""),
        Row("ConfigDelete", "DELETE", "/configs/{id}", 30, ObjectKind.Config, BodyKind.None, StreamKind.None, Effect.Delete, ""),
        Row("ConfigUpdate", "POST", "/configs/{id}/update", 30, ObjectKind.Config, BodyKind.Json, StreamKind.None, Effect.Change, "version"),

        Row("DebugVars", "GET", "/debug/vars", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, ""),
        Row("DebugPprofIndex", "GET", "/debug/pprof/", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, ""),
        Row("DebugPprofCmdline", "GET", "/debug/pprof/cmdline", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, ""),
        Row("DebugPprofProfile", "GET", "/debug/pprof/profile", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, "seconds"),
        Row("DebugPprofSymbol", "GET", "/debug/pprof/symbol", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, ""),
        Row("DebugPprofTrace", "GET", "/debug/pprof/trace", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, "seconds"),
        Row("DebugPprofName", "GET", "/debug/pprof/{name}", 24, ObjectKind.System, BodyKind.None, StreamKind.Download, Effect.Read, "debug gc seconds"),
    ];

    private static readonly Dictionary<string, EngineOperation> ByName = All.ToDictionary(o => o.Name, StringComparer.Ordinal);

    /// <summary>The operation of that operationId, or null.</summary>
    public static EngineOperation? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The operation of that operationId.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static EngineOperation Get(string name) => ByName[name];

    private static EngineOperation Row(
        string name,
        string method,
        string template,
        int minApi,
        ObjectKind kind,
        BodyKind body,
        StreamKind stream,
        Effect effect,
        string query,
        int? maxApi = null) =>
        new(name, method, template, minApi, maxApi, kind, body, stream, effect, query, OperationReach.Of(name));
}
