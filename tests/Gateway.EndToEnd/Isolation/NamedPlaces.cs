using Gateway.EngineApi;

namespace Gateway.EndToEnd.Isolation;

/// <summary>One place of a request in which an object is named: <see cref="NamedPlaces.Name"/> stands for its name there.</summary>
internal sealed record NamedPlace(EngineOperation Operation, ObjectKind Kind, string Target, string? Body)
{
    /// <summary>The request with this name, escaped where it stands in the query.</summary>
    public (string Target, string? Body) With(string name)
    {
        var parts = Target.Split('?', 2);
        var query = parts.Length > 1 ? "?" + parts[1].Replace(NamedPlaces.Name, Uri.EscapeDataString(name), StringComparison.Ordinal) : "";
        return (parts[0].Replace(NamedPlaces.Name, name, StringComparison.Ordinal) + query, Body?.Replace(NamedPlaces.Name, name, StringComparison.Ordinal));
    }
}

/// <summary>
/// Every place in which a request can name an object, by operation. An operation of the catalogue that does not stand here fails a
/// test until somebody has said where it names objects, or why it names none.
/// </summary>
internal static class NamedPlaces
{
    public const string Name = "NAME";

    /// <summary>What the asking user has, to stand beside the object that is named.</summary>
    public const string OwnContainer = "mallory-c";
    public const string OwnNetwork = "mallory-net";

    private const string Everybodys = "names no object: it is about the whole engine";
    private const string ByFilter = "acts on what its filters choose, which name no object";
    private const string New = "names only what it makes";

    private static readonly Dictionary<string, Func<EngineOperation, NamedPlace?>[]> Table = new(StringComparer.Ordinal)
    {
        ["ContainerList"] =
        [
            In(ObjectKind.Container, "?since=NAME"), In(ObjectKind.Container, "?before=NAME"), In(ObjectKind.Container, "?all=1&limit=5&since=NAME"),
            .. Filters(ObjectKind.Container, "since", "before", "id", "name"), .. Filters(ObjectKind.Image, "ancestor"), .. Filters(ObjectKind.Volume, "volume"),
            .. Filters(ObjectKind.Network, "network"),
        ],
        ["ContainerCreate"] =
        [
            Body(ObjectKind.Image, """{"Image":"NAME"}"""),
            Body(ObjectKind.Image, """{"Image":"busybox","HostConfig":{"Mounts":[{"Type":"image","Source":"NAME","Target":"/i"}]}}"""),
            .. ((string[])["NetworkMode", "PidMode", "IpcMode", "Cgroup", "UTSMode", "UsernsMode"]).Select(mode => Host(ObjectKind.Container, $"\"{mode}\":\"container:NAME\"")),
            Host(ObjectKind.Container, "\"NetworkMode\":\"Container:NAME\""), Host(ObjectKind.Container, "\"NetworkMode\":\"container:/NAME\""),
            Host(ObjectKind.Container, "\"Links\":[\"NAME:db\"]"), Host(ObjectKind.Container, "\"Links\":[\"/NAME:/x/db\"]"), Host(ObjectKind.Container, "\"links\":[\"NAME\"]"),
            Host(ObjectKind.Container, "\"VolumesFrom\":[\"NAME\"]"), Host(ObjectKind.Container, "\"VolumesFrom\":[\"NAME:ro\"]"), Host(ObjectKind.Container, "\"volume\\u017ffrom\":[\"NAME\"]"),
            Host(ObjectKind.Container, "\"VolumesFrom\":[\"/NAME\"]"),
            Host(ObjectKind.Network, "\"NetworkMode\":\"NAME\""), Host(ObjectKind.Network, "\"networ\\u212amode\":\"NAME\""),
            Body(ObjectKind.Network, """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"NAME":{}}}}"""),
            Body(ObjectKind.Network, """{"Image":"busybox","HostConfig":{"NetworkMode":"mallory-net"},"NetworkingConfig":{"EndpointsConfig":{"mallory-net":{},"NAME":{"Aliases":["db"]}}}}"""),
            Body(ObjectKind.Network, """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"bridge":{"NetworkID":"NAME"}}}}"""),
            Body(ObjectKind.Container, """{"Image":"busybox","NetworkingConfig":{"EndpointsConfig":{"bridge":{"Links":["NAME:db"]}}}}"""),
            Body(ObjectKind.Container, """{"Image":"busybox","HostConfig":{"NetworkMode":"mallory-net"},"NetworkingConfig":{"EndpointsConfig":{"mallory-net":{"Links":["NAME:db"]}}}}"""),
        ],
        ["ContainerInspect"] = [Path(), Path("?size=1")],
        ["ContainerTop"] = [Path(), Path("?ps_args=aux")],
        ["ContainerLogs"] = [Path("?stdout=1"), Path("?stdout=1&follow=1&details=1")],
        ["ContainerChanges"] = [Path()],
        ["ContainerExport"] = [Path()],
        ["ContainerStats"] = [Path(), Path("?stream=0")],
        ["ContainerResize"] = [Path("?h=1&w=1")],
        ["ContainerStart"] = [Path()],
        ["ContainerStop"] = [Path(), Path("?t=0&signal=KILL")],
        ["ContainerRestart"] = [Path("?t=0")],
        ["ContainerKill"] = [Path(), Path("?signal=KILL")],
        ["ContainerUpdate"] = [Path(body: """{"CpuShares":512}""")],
        ["ContainerRename"] = [Path("?name=mallory-free")],
        ["ContainerPause"] = [Path()],
        ["ContainerUnpause"] = [Path()],
        ["ContainerAttach"] = [Path("?stream=1&stdout=1&stdin=1")],
        ["ContainerAttachWebsocket"] = [Path("?stream=1&stdout=1")],
        ["ContainerWait"] = [Path(), Path("?condition=next-exit"), Path("?condition=removed")],
        ["ContainerDelete"] = [Path(), Path("?force=1&v=1"), Path("?link=1")],
        ["ContainerArchiveInfo"] = [Path("?path=/")],
        ["ContainerArchive"] = [Path("?path=/")],
        ["PutContainerArchive"] = [Path("?path=/")],
        ["ContainerPrune"] = [Nothing(ByFilter)],
        ["ContainerExec"] = [Path(body: """{"Cmd":["id"]}""")],
        ["ContainerCopyLegacy"] = [Path(body: """{"Resource":"/etc/passwd"}""")],
        ["ContainerCheckpointList"] = [Path()],
        ["ContainerCheckpointCreate"] = [Path(body: """{"CheckpointID":"x"}""")],
        ["ContainerCheckpointDelete"] = [Path()],
        ["ExecStart"] = [Path(body: "{}"), Path(body: """{"Detach":true}""")],
        ["ExecResize"] = [Path("?h=1&w=1")],
        ["ExecInspect"] = [Path()],

        ["ImageList"] = [.. Filters(ObjectKind.Image, "since", "before", "reference"), In(ObjectKind.Image, "?filter=NAME")],
        ["ImageInspect"] = [Path()],
        ["ImageHistory"] = [Path()],
        ["ImageAttestations"] = [Path()],
        ["ImageSearch"] = [Nothing("names what a registry has")],
        ["ImageGet"] = [Path()],
        ["ImageGetAll"] = [In(ObjectKind.Image, "?names=NAME"), In(ObjectKind.Image, "?names=busybox&names=NAME")],
        ["ImageLoad"] = [Nothing(New)],
        ["ImageCreate"] = [In(ObjectKind.Image, "?fromImage=NAME"), In(ObjectKind.Image, "?fromSrc=-&repo=NAME")],
        ["ImagePush"] = [Path("?tag=1")],
        ["ImageTag"] = [Path("?repo=localhost/mallory/x&tag=1"), At("busybox", ObjectKind.Image, "?repo=NAME")],
        ["ImageDelete"] = [Path(), Path("?force=1"), Path("?noprune=1")],
        ["ImagePrune"] = [Nothing(ByFilter)],
        ["ImageCommit"] = [In(ObjectKind.Container, "?container=NAME&repo=localhost/mallory/x", "{}"), In(ObjectKind.Image, $"?container={OwnContainer}&repo=NAME", "{}")],
        ["ImageBuild"] =
        [
            In(ObjectKind.Container, "?networkmode=container:NAME"), In(ObjectKind.Network, "?networkmode=NAME"), In(ObjectKind.Image, "?cachefrom=%5B%22NAME%22%5D"), In(ObjectKind.Image, "?t=NAME"),
            In(ObjectKind.Build, "?session=NAME"), In(ObjectKind.Build, "?version=2&session=NAME"),
        ],
        ["BuildPrune"] = [.. Filters(ObjectKind.Build, "id", "parent")],
        ["BuildCancel"] = [In(ObjectKind.Build, "?id=NAME")],
        ["Session"] = [Nothing("names only itself, in a head; root-equivalent roles alone have it")],
        ["Grpc"] = [Nothing("root-equivalent roles alone have it")],
        ["DistributionInspect"] = [Path()],

        ["SystemAuth"] = [Nothing(Everybodys)],
        ["SystemPing"] = [Nothing(Everybodys)],
        ["SystemPingHead"] = [Nothing(Everybodys)],
        ["SystemVersion"] = [Nothing(Everybodys)],
        ["SystemInfo"] = [Nothing(Everybodys)],
        ["SystemEvents"] =
        [
            .. ((string[])["container", "image", "volume", "network", "service", "node", "secret", "config", "plugin", "daemon"]).SelectMany(key =>
                Filters(Enum.TryParse<ObjectKind>(key, ignoreCase: true, out var kind) ? kind : ObjectKind.Container, key, $"&since=1&until={DateTimeOffset.UtcNow.ToUnixTimeSeconds()}")).ToArray(),
        ],
        ["SystemDataUsage"] = [Nothing(Everybodys)],
        ["SystemOptions"] = [Nothing("answers alike for every path")],

        ["NetworkList"] = [.. Filters(ObjectKind.Network, "id", "name")],
        ["NetworkListSlash"] = [Nothing("a slash at the end is refused as it is read")],
        ["NetworkInspect"] = [Path(), Path("?verbose=1"), Path("?scope=local")],
        ["NetworkCreate"] =
        [
            Body(ObjectKind.Network, """{"Name":"mallory-n","ConfigFrom":{"Network":"NAME"}}"""), Body(ObjectKind.Network, """{"Name":"mallory-n","Options":{"com.docker.network.bridge.name":"NAME"}}"""),
        ],
        ["NetworkConnect"] =
        [
            Path(body: $$"""{"Container":"{{OwnContainer}}"}"""), At(OwnNetwork, ObjectKind.Container, "", """{"Container":"NAME"}"""), At("bridge", ObjectKind.Container, "", """{"Container":"NAME"}"""),
            At(OwnNetwork, ObjectKind.Container, "", $$$"""{"Container":"{{{OwnContainer}}}","EndpointConfig":{"Links":["NAME:db"]}}"""),
            At(OwnNetwork, ObjectKind.Network, "", $$$"""{"Container":"{{{OwnContainer}}}","EndpointConfig":{"NetworkID":"NAME"}}"""),
        ],
        ["NetworkDisconnect"] =
        [
            Path(body: $$"""{"Container":"{{OwnContainer}}"}"""), At("bridge", ObjectKind.Container, "", """{"Container":"NAME"}"""), At("bridge", ObjectKind.Container, "", """{"Container":"NAME","Force":true}"""),
            At(OwnNetwork, ObjectKind.Container, "", """{"Container":"NAME","Force":true}"""),
        ],
        ["NetworkDelete"] = [Path()],
        ["NetworkPrune"] = [Nothing(ByFilter)],

        ["VolumeList"] = [.. Filters(ObjectKind.Volume, "name")],
        ["VolumeInspect"] = [Path()],
        ["VolumeCreate"] = [Nothing("names what it makes; of a name that is taken it cannot say that it is free")],
        ["VolumeUpdate"] = [Path("?version=1", "{}")],
        ["VolumeDelete"] = [Path(), Path("?force=1")],
        ["VolumePrune"] = [Nothing(ByFilter)],

        ["PluginList"] = [Nothing(Everybodys)],
        ["GetPluginPrivileges"] = [Nothing("names what a registry has")],
        ["PluginInspect"] = [Path()],
        ["PluginPull"] = [In(ObjectKind.Plugin, "?remote=NAME", "[]")],
        ["PluginPush"] = [Path()],
        ["PluginUpgrade"] = [Path("?remote=x", "[]")],
        ["PluginSet"] = [Path(body: "[]")],
        ["PluginCreate"] = [Nothing(New)],
        ["PluginEnable"] = [Path()],
        ["PluginDisable"] = [Path()],
        ["PluginDelete"] = [Path()],
        ["PluginInspectLegacy"] = [Nothing("no engine from API 1.25 on has it")],

        ["SwarmInspect"] = [Nothing(Everybodys)],
        ["SwarmUnlockkey"] = [Nothing(Everybodys)],
        ["SwarmInit"] = [Nothing(Everybodys)],
        ["SwarmJoin"] = [Nothing(Everybodys)],
        ["SwarmLeave"] = [Nothing(Everybodys)],
        ["SwarmUpdate"] = [Nothing(Everybodys)],
        ["SwarmUnlock"] = [Nothing(Everybodys)],

        ["ServiceList"] = [.. Filters(ObjectKind.Service, "id", "name")],
        ["ServiceInspect"] = [Path(), Path("?insertDefaults=1")],
        ["ServiceCreate"] =
        [
            Body(ObjectKind.Secret, """{"Name":"mallory-s","TaskTemplate":{"ContainerSpec":{"Image":"busybox","Secrets":[{"SecretID":"NAME","SecretName":"NAME"}]}}}"""),
            Body(ObjectKind.Config, """{"Name":"mallory-s","TaskTemplate":{"ContainerSpec":{"Image":"busybox","Configs":[{"ConfigID":"NAME","ConfigName":"NAME"}]}}}"""),
            Body(ObjectKind.Network, """{"Name":"mallory-s","TaskTemplate":{"ContainerSpec":{"Image":"busybox"},"Networks":[{"Target":"NAME"}]}}"""),
        ],
        ["ServiceUpdate"] = [Path("?version=1", "{}")],
        ["ServiceDelete"] = [Path()],
        ["ServiceLogs"] = [Path("?stdout=1")],
        ["TaskList"] = [.. Filters(ObjectKind.Service, "service"), .. Filters(ObjectKind.Task, "id", "name"), .. Filters(ObjectKind.Node, "node")],
        ["TaskInspect"] = [Path()],
        ["TaskLogs"] = [Path("?stdout=1")],
        ["NodeList"] = [.. Filters(ObjectKind.Node, "id", "name")],
        ["NodeInspect"] = [Path()],
        ["NodeDelete"] = [Path("?force=1")],
        ["NodeUpdate"] = [Path("?version=1", "{}")],
        ["SecretList"] = [.. Filters(ObjectKind.Secret, "id", "name", "names")],
        ["SecretCreate"] = [Nothing(New)],
        ["SecretInspect"] = [Path()],
        ["SecretDelete"] = [Path()],
        ["SecretUpdate"] = [Path("?version=1", "{}")],
        ["ConfigList"] = [.. Filters(ObjectKind.Config, "id", "name", "names")],
        ["ConfigCreate"] = [Nothing(New)],
        ["ConfigInspect"] = [Path()],
        ["ConfigDelete"] = [Path()],
        ["ConfigUpdate"] = [Path("?version=1", "{}")],

        ["DebugVars"] = [Nothing(Everybodys)],
        ["DebugPprofIndex"] = [Nothing(Everybodys)],
        ["DebugPprofCmdline"] = [Nothing(Everybodys)],
        ["DebugPprofProfile"] = [Nothing(Everybodys)],
        ["DebugPprofSymbol"] = [Nothing(Everybodys)],
        ["DebugPprofTrace"] = [Nothing(Everybodys)],
        ["DebugPprofName"] = [Nothing(Everybodys)],
    };

    public static IReadOnlyCollection<string> Operations => Table.Keys;

    public static IEnumerable<NamedPlace> All => OperationCatalogue.All.SelectMany(Of);

    /// <summary>Where the operation names objects; none for one of which the table says why.</summary>
    public static IEnumerable<NamedPlace> Of(EngineOperation operation) => Table[operation.Name].Select(place => place(operation)).OfType<NamedPlace>();

    /// <summary>In the path.</summary>
    private static Func<EngineOperation, NamedPlace?> Path(string query = "", string? body = null) => operation => new(operation, operation.PathKind, Filled(operation, Name) + query, body);

    /// <summary>In the query or body of an operation on something else.</summary>
    private static Func<EngineOperation, NamedPlace?> At(string holder, ObjectKind kind, string query, string? body = null) => operation => new(operation, kind, Filled(operation, holder) + query, body);

    private static Func<EngineOperation, NamedPlace?> In(ObjectKind kind, string query, string? body = null) => operation => new(operation, kind, operation.Template + query, body);

    private static Func<EngineOperation, NamedPlace?> Body(ObjectKind kind, string body) => In(kind, "", body);

    private static Func<EngineOperation, NamedPlace?> Host(ObjectKind kind, string field) => Body(kind, $$$"""{"Image":"busybox","HostConfig":{{{{field}}}}}""");

    /// <summary>In filters, in both of the engine's shapes. A word with an ampersand is more of the query.</summary>
    private static IEnumerable<Func<EngineOperation, NamedPlace?>> Filters(ObjectKind kind, params string[] keys) =>
        from key in keys.Where(key => key[0] != '&')
        from filter in (string[])[$$"""{"{{key}}":["NAME"]}""", $$$"""{"{{{key}}}":{"NAME":false}}"""]
        select In(kind, "?filters=" + Uri.EscapeDataString(filter) + string.Concat(keys.Where(more => more[0] == '&')));

    private static Func<EngineOperation, NamedPlace?> Nothing(string reason) => _ => reason.Length > 0 ? null : throw new ArgumentException("say why", nameof(reason));

    private static string Filled(EngineOperation operation, string name) =>
        "/" + string.Join('/', operation.Template[1..].Split('/').Select((part, i) => !part.StartsWith('{') ? part : i == 1 ? name : "x"));
}
