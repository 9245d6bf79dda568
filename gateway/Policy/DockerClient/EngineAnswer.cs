using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.DockerClient;

/// <summary>What the recording engine says to one request: the shortest answer that the docker client goes on from.</summary>
internal sealed record EngineAnswer(int Status, string Body, IReadOnlyList<(string Name, string Value)> Headers)
{
    // The newest API that its answers are written for; an older client speaks its own.
    private const string ApiVersion = "1.51";
    private const string Image = "sha256:" + "1111111111111111111111111111111111111111111111111111111111111111";

    public static EngineAnswer For(EngineRequest request, OfflineRequest asked, string id) => request.Operation?.Name switch
    {
        "SystemPing" or "SystemPingHead" => new(200, "OK", [("Api-Version", ApiVersion), ("Ostype", "linux"), ("Builder-Version", "1"), ("Content-Type", "text/plain")]),
        "SystemVersion" => Json($$"""{"Version":"28.0.0","ApiVersion":"{{ApiVersion}}","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64"}"""),
        "SystemInfo" => Json("""{"ID":"recording","OSType":"linux","Architecture":"x86_64","IndexServerAddress":"https://index.docker.io/v1/","Swarm":{"LocalNodeState":"inactive"}}"""),
        "ContainerCreate" or "ContainerExec" or "NetworkCreate" => Json($$"""{"Id":"{{id}}","Warnings":[],"Warning":""}""", 201),
        "ContainerWait" => Json("""{"StatusCode":0}"""),
        "ContainerInspect" => Json(Container(request.Name!)),
        "ExecInspect" => Json($$"""{"ID":"{{request.Name}}","Running":false,"ExitCode":0,"ContainerID":"{{id}}"}"""),
        "ContainerTop" => Json("""{"Titles":[],"Processes":[]}"""),
        "ContainerArchiveInfo" => new(200, "", [PathStat]),
        "ContainerArchive" => new(200, "", [PathStat, ("Content-Type", "application/x-tar")]),
        "ImageInspect" => Json($$$"""{"Id":"{{{Image}}}","RepoTags":[],"Config":{},"Os":"linux","Architecture":"amd64","RootFS":{"Type":"layers"}}"""),
        "ImageBuild" => Json("""{"stream":"Successfully built 111111111111\n"}"""),
        "ImageCommit" => Json($$"""{"Id":"{{Image}}"}""", 201),
        "VolumeCreate" => Json(Volume(NameIn(asked)), 201),
        "VolumeInspect" => Json(Volume(request.Name!)),
        "NetworkInspect" => Json(new JsonObject { ["Name"] = request.Name, ["Id"] = id, ["Driver"] = "bridge", ["Scope"] = "local" }.ToJsonString()),
        "VolumeList" => Json("""{"Volumes":[],"Warnings":[]}"""),
        "ContainerPrune" or "ImagePrune" or "VolumePrune" or "NetworkPrune" or "BuildPrune" => Json("""{"SpaceReclaimed":0}"""),
        "SystemDataUsage" => Json("""{"LayersSize":0,"Images":[],"Containers":[],"Volumes":[],"BuildCache":[]}"""),
        "SystemAuth" => Json("""{"Status":"Login Succeeded"}"""),
        "ImageDelete" => Json("[]"),
        "ContainerLogs" or "SystemEvents" or "ImageGet" or "ImageGetAll" or "ContainerExport" => new(200, "", []),
        { } name when name.EndsWith("List", StringComparison.Ordinal) || name is "ImageSearch" or "ImageHistory" or "ContainerChanges" => Json("[]"),
        "ContainerUpdate" => Json("""{"Warnings":[]}"""),
        _ when asked.Method == "GET" => Json("{}"),
        "ImageCreate" or "ImagePush" or "ImageLoad" => Json("{}"),
        "ServiceCreate" or "SecretCreate" or "ConfigCreate" => Json($$"""{"ID":"{{id}}"}""", 201),
        _ => new(204, "", []),
    };

    /// <summary>An object with the labels that its create said.</summary>
    public static EngineAnswer Made((ObjectKind Kind, string Id, string Name, JsonObject Labels, string Image) made)
    {
        if (made.Kind != ObjectKind.Container)
        {
            return Json(Listed(made).ToJsonString());
        }

        var inspect = JsonNode.Parse(Container(made.Name))!.AsObject();
        inspect["Id"] = made.Id;
        inspect["Config"] = new JsonObject { ["Image"] = made.Image, ["Labels"] = made.Labels.DeepClone() };
        return Json(inspect.ToJsonString());
    }

    public static EngineAnswer List(ObjectKind kind, IEnumerable<(ObjectKind Kind, string Id, string Name, JsonObject Labels, string Image)> made)
    {
        var all = new JsonArray([.. made.Select(one => (JsonNode?)Listed(one))]);
        return Json(kind == ObjectKind.Volume ? new JsonObject { ["Volumes"] = all, ["Warnings"] = new JsonArray() }.ToJsonString() : all.ToJsonString());
    }

    private static JsonObject Listed((ObjectKind Kind, string Id, string Name, JsonObject Labels, string Image) made) => made.Kind == ObjectKind.Container
        ? new JsonObject { ["Id"] = made.Id, ["Names"] = new JsonArray("/" + made.Name), ["Image"] = made.Image, ["ImageID"] = Image, ["Labels"] = made.Labels.DeepClone(), ["State"] = "created", ["NetworkSettings"] = new JsonObject { ["Networks"] = new JsonObject() }, ["Mounts"] = new JsonArray() }
        : new JsonObject { ["Id"] = made.Id, ["Name"] = made.Name, ["Driver"] = made.Kind == ObjectKind.Network ? "bridge" : "local", ["Scope"] = "local", ["Labels"] = made.Labels.DeepClone() };

    /// <summary>The <c>Name</c> in a body, or empty.</summary>
    public static string NameIn(OfflineRequest asked)
    {
        try
        {
            using var body = JsonDocument.Parse(asked.Body);
            return Objects.Json.String(body.RootElement, "Name") ?? "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    // docker cp wants to know what lies at the path: a folder takes files, and can be copied.
    private static (string, string) PathStat { get; } =
        ("X-Docker-Container-Path-Stat", Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"name":"x","size":0,"mode":2147484141,"mtime":"2024-01-01T00:00:00Z","linkTarget":""}""")));

    private static EngineAnswer Json(string body, int status = 200) => new(status, body, []);

    private static JsonObject Running => JsonNode.Parse("""{"Status":"running","Running":true}""")!.AsObject();

    private static string Container(string name) => new JsonObject
    {
        ["Id"] = name,
        ["Name"] = "/" + name,
        ["Image"] = Image,
        ["State"] = Running,
        ["Config"] = new JsonObject { ["Image"] = "busybox", ["Tty"] = false },
        ["HostConfig"] = new JsonObject { ["LogConfig"] = new JsonObject { ["Type"] = "json-file" }, ["RestartPolicy"] = new JsonObject { ["Name"] = "no" } },
        ["NetworkSettings"] = new JsonObject { ["Ports"] = new JsonObject(), ["Networks"] = new JsonObject() },
        ["Mounts"] = new JsonArray(),
    }.ToJsonString();

    private static string Volume(string name) =>
        new JsonObject { ["Name"] = name, ["Driver"] = "local", ["Mountpoint"] = "", ["Labels"] = new JsonObject(), ["Scope"] = "local" }.ToJsonString();
}
