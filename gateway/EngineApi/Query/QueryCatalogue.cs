using Gateway.EngineApi.Documents;
using static Gateway.EngineApi.Query.QueryTypes;

namespace Gateway.EngineApi.Query;

/// <summary>
/// Every query parameter of every operation with its type: the one table (moby <c>daemon/server/router/*</c>). A parameter that is
/// newer than the request's API version is read and checked all the same (threats §2.6). What is not here is refused.
/// </summary>
internal static class QueryCatalogue
{
    private const long Most = long.MaxValue;
    private const int MaxTerminal = 65535;

    private static readonly Dictionary<string, QueryParameter[]> Operations = new(StringComparer.Ordinal)
    {
        ["ContainerList"] = [Flag("all"), Flag("size"), Number("limit", -1, int.MaxValue), Name("since"), Name("before"), Filters()],
        ["ContainerCreate"] = [Name("name"), Platform("platform")],
        ["ContainerInspect"] = [Flag("size")],
        ["ContainerTop"] = [Text("ps_args", 256)],
        ["ContainerLogs"] = [Flag("follow"), Flag("stdout"), Flag("stderr"), Timestamp("since"), Timestamp("until"), Flag("timestamps"), Tail("tail"), Flag("details"), Word("format", "json")],
        ["ContainerStats"] = [Flag("stream"), Flag("one-shot")],
        ["ContainerResize"] = [Number("h", 0, MaxTerminal), Number("w", 0, MaxTerminal)],
        ["ContainerStart"] = [Text("checkpoint"), Text("checkpoint-dir")],
        ["ContainerStop"] = [Number("t", -1, int.MaxValue), Signal("signal")],
        ["ContainerRestart"] = [Number("t", -1, int.MaxValue), Signal("signal")],
        ["ContainerKill"] = [Signal("signal")],
        ["ContainerRename"] = [Name("name")],
        ["ContainerAttach"] = Attach,
        ["ContainerAttachWebsocket"] = Attach,
        ["ContainerWait"] = [Word("condition", "not-running", "next-exit", "removed")],
        ["ContainerDelete"] = [Flag("v"), Flag("force"), Flag("link")],
        ["ContainerArchiveInfo"] = [Text("path")],
        ["ContainerArchive"] = [Text("path")],
        ["PutContainerArchive"] = [Text("path"), Flag("noOverwriteDirNonDir"), Flag("copyUIDGID")],
        ["ContainerPrune"] = [Filters()],
        ["ContainerCheckpointList"] = [Text("dir")],
        ["ContainerCheckpointDelete"] = [Text("dir")],
        ["ExecResize"] = [Number("h", 0, MaxTerminal), Number("w", 0, MaxTerminal)],

        ["ImageList"] = [Flag("all"), Filters(), Text("filter", 512), Flag("shared-size"), Flag("manifests"), Flag("identity")],
        ["ImageInspect"] = [Flag("manifests"), PlatformJson("platform")],
        ["ImageHistory"] = [PlatformJson("platform")],
        ["ImageAttestations"] = [PlatformJson("platform"), Text("type", 256).Many, Flag("statement")],
        ["ImageSearch"] = [Text("term", 256), Number("limit", 0, 100), Filters()],
        ["ImageGet"] = [PlatformJson("platform").Many],
        ["ImageGetAll"] = [Text("names", 512).Many, PlatformJson("platform").Many],
        ["ImageLoad"] = [Flag("quiet"), PlatformJson("platform").Many],
        ["ImageCreate"] = [Text("fromImage", 512), Text("fromSrc"), Text("repo", 512), Text("tag", 256), Lines("message"), Lines("changes").Many, Platform("platform")],
        ["ImagePush"] = [Text("tag", 128), PlatformJson("platform")],
        ["ImageTag"] = [Text("repo", 512), Text("tag", 128)],
        ["ImageDelete"] = [Flag("force"), Flag("noprune"), PlatformJson("platforms").Many],
        ["ImagePrune"] = [Filters()],
        ["ImageCommit"] = [Name("container"), Text("repo", 512), Text("tag", 128), Lines("comment"), Text("author"), Flag("pause"), Lines("changes").Many],

        ["ImageBuild"] =
        [
            Text("dockerfile"), Flag("q"), Flag("nocache"), Flag("forcerm"), FlagUnlessEmpty("rm"), Flag("pull"),
            Number("memory", 0, Most), Number("memswap", -1, Most), Number("cpushares", 0, Most), Number("cpuperiod", 0, Most), Number("cpuquota", -1, Most),
            Text("cpusetcpus", 256), Text("cpusetmems", 256), Text("cgroupparent"), Text("networkmode", 300), Text("t", 512).Many,
            Text("extrahosts").Many, Text("securityopt").Many, Flag("squash"), Text("target", 256), Text("remote"), Text("session", 256), Text("buildid", 256),
            Platform("platform"), Json<List<BuildOutput>>("outputs"), Number("shmsize", 0, Most), Text("isolation", 32), Json<List<Ulimit>>("ulimits"),
            Json<BuildArguments>("buildargs"), Json<Dictionary<string, string>>("labels"), Json<List<string>>("cachefrom"), Word("version", "1", "2"),
        ],
        ["BuildPrune"] = [Flag("all"), Filters(), Number("keep-storage", 0, Most), Number("reserved-space", 0, Most), Number("max-used-space", 0, Most), Number("min-free-space", 0, Most)],
        ["BuildCancel"] = [Text("id", 256)],

        ["SystemEvents"] = [Timestamp("since"), Timestamp("until"), Filters()],
        ["SystemDataUsage"] = [Word("type", "container", "image", "volume", "build-cache").Many, Flag("verbose")],

        ["NetworkList"] = [Filters()],
        ["NetworkListSlash"] = [Filters()],
        ["NetworkInspect"] = [GoFlag("verbose"), Word("scope", "local", "global", "swarm")],
        ["NetworkPrune"] = [Filters()],

        ["VolumeList"] = [Filters()],
        ["VolumeUpdate"] = [ObjectVersion("version")],
        ["VolumeDelete"] = [Flag("force")],
        ["VolumePrune"] = [Filters()],

        ["PluginList"] = [Filters()],
        ["GetPluginPrivileges"] = [Text("remote", 512)],
        ["PluginPull"] = [Text("remote", 512), Text("name", 512)],
        ["PluginUpgrade"] = [Text("remote", 512)],
        ["PluginCreate"] = [Text("name", 512)],
        ["PluginEnable"] = [Number("timeout", 0, int.MaxValue)],
        ["PluginDisable"] = [Flag("force")],
        ["PluginDelete"] = [Flag("force")],

        ["SwarmLeave"] = [Flag("force")],
        ["SwarmUpdate"] = [ObjectVersion("version"), GoFlag("rotateWorkerToken"), GoFlag("rotateManagerToken"), GoFlag("rotateManagerUnlockKey")],

        ["ServiceList"] = [Filters(), GoFlag("status")],
        ["ServiceInspect"] = [GoFlag("insertDefaults")],
        ["ServiceUpdate"] = [ObjectVersion("version"), Word("registryAuthFrom", "spec", "previous-spec"), Word("rollback", "previous", "none")],
        ["ServiceLogs"] = TaskLogs,
        ["TaskList"] = [Filters()],
        ["TaskLogs"] = TaskLogs,
        ["NodeList"] = [Filters()],
        ["NodeDelete"] = [Flag("force")],
        ["NodeUpdate"] = [ObjectVersion("version")],
        ["SecretList"] = [Filters()],
        ["SecretUpdate"] = [ObjectVersion("version")],
        ["ConfigList"] = [Filters()],
        ["ConfigUpdate"] = [ObjectVersion("version")],

        ["DebugPprofProfile"] = [Number("seconds", 0, 3600)],
        ["DebugPprofTrace"] = [Number("seconds", 0, 3600)],
        ["DebugPprofName"] = [Number("debug", 0, 2), Number("gc", 0, 1), Number("seconds", 0, 3600)],
    };

    /// <summary>What clients send that no handler of any engine reads: dropped, whatever the value.</summary>
    private static readonly HashSet<(string Operation, string Name)> Unread =
    [
        ("ContainerStart", "detachKeys"), ("ContainerList", "trunc_cmd"), ("ImageList", "digests"), ("ImageList", "only_ids"), ("ImageList", "containers"), ("ImageInspect", "size"),
        ("ImageTag", "force"), ("ContainerAttach", "hijack"),
    ];

    /// <summary>What clients send empty where it says nothing; with a value it is a parameter like others.</summary>
    private static readonly HashSet<(string Operation, string Name)> UnreadWhenEmpty =
    [
        ("ImageCreate", "fromSrc"), ("ImageCreate", "repo"), ("ImageCreate", "message"), ("ImageCreate", "changes"), ("ImageList", "filter"), ("ImageCommit", "changes"),
    ];

    private static QueryParameter[] Attach =>
        [Text("detachKeys", 256), Flag("logs"), Flag("stream"), Flag("stdin"), Flag("stdout"), Flag("stderr")];

    private static QueryParameter[] TaskLogs =>
        [Flag("follow"), Flag("stdout"), Flag("stderr"), Timestamp("since"), Flag("timestamps"), Tail("tail"), Flag("details")];

    public static IReadOnlyList<QueryParameter> Of(EngineOperation operation) => Operations.GetValueOrDefault(operation.Name) ?? [];

    /// <summary>The operations that the table has rows of.</summary>
    public static IEnumerable<string> Named => Operations.Keys;

    /// <summary>True for a parameter of the operation, and for what clients send that none is.</summary>
    public static bool Knows(EngineOperation operation, string name) => Of(operation).Any(parameter => parameter.Name == name) || Unread.Contains((operation.Name, name));

    public static bool SaysNothing(EngineOperation operation, string name, string value) =>
        Unread.Contains((operation.Name, name)) || (value.Length == 0 && UnreadWhenEmpty.Contains((operation.Name, name))) || IsSaidInBody(operation, name);

    /// <summary>
    /// dockerode writes the body's fields into the query too, where no engine looks for them: names of parameters have case, and none is a field's.
    /// </summary>
    private static bool IsSaidInBody(EngineOperation operation, string name) =>
        operation.Name is "ContainerCreate" or "NetworkCreate" or "VolumeCreate" or "ImageCommit"
        && DocumentShape.Of(BodyCatalogue.All[operation.Name].Document).Fields.TryGetValue(name, out var field) && field.Name == name;
}
