using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Offline;

/// <summary>
/// What an engine's inspect answer may say of an object beyond its name, owner and labels, as far as decisions look at it: a
/// container's image, binds, namespaces and limits, what an exec was prepared with. What is not modelled: an image's own labels
/// and volumes, which are taken to be none.
/// </summary>
internal static class PossibleInspects
{
    private const string NobodysPath = "/granted/to/nobody";
    private const int MostBinds = 4;
    private static readonly bool[] Privileged = [false, true];
    private static readonly string[] Users = ["", "0", "1000:1000"];

    /// <param name="images">Names of images, an empty one for none.</param>
    public static IEnumerable<JsonObject> Of(ObjectReference reference, OfflineCaller caller, EngineRequest request, IEnumerable<string> images) => reference.Kind switch
    {
        ObjectKind.Container => images.SelectMany(image => Containers(caller, request).Select(inspect => With(inspect, image))),
        ObjectKind.Exec => Execs(),
        _ => [new JsonObject()],
    };

    /// <summary>In words, or empty where there is nothing to tell.</summary>
    public static string Text(EngineObject found)
    {
        var host = Json.Member(found.Raw, "HostConfig");
        var process = Json.Member(found.Raw, "ProcessConfig");
        return string.Concat(
            Json.String(Json.Member(found.Raw, "Config"), "Image") is { } image ? $" of image {image}" : "",
            string.Concat(Json.Items(Json.Member(found.Raw, "Mounts")).Select(mount => $" with {(Json.String(mount, "Source") is NobodysPath ? "a folder that is granted to nobody" : Json.String(mount, "Source"))} bound {(Json.True(mount, "RW") ? "rw" : "ro")}")),
            Json.String(host, "PidMode") is not null ? " in the host's namespaces" : "",
            Json.Member(host, "Memory").ValueKind == System.Text.Json.JsonValueKind.Number ? " with small limits" : "",
            Json.True(process, "privileged") ? " prepared as privileged" : "",
            Json.String(process, "user") is { } user ? $" prepared as user \"{user}\"" : "");
    }

    private static JsonObject With(JsonObject inspect, string image)
    {
        if (image.Length > 0)
        {
            inspect["Config"] = new JsonObject { ["Image"] = image };
        }

        return inspect;
    }

    private static IEnumerable<JsonObject> Containers(OfflineCaller caller, EngineRequest request)
    {
        yield return new JsonObject();
        switch (request.Operation!.Name)
        {
            case "ContainerExec":
                foreach (var source in Granted(caller).Append(NobodysPath))
                {
                    yield return Bind(source, true);
                }

                break;
            case "ContainerStart" or "ContainerRestart" or "ContainerCreate":
                foreach (var source in Granted(caller).Append(NobodysPath))
                {
                    yield return Bind(source, true);
                    yield return Bind(source, false);
                }

                yield return JsonNode.Parse("""{"HostConfig":{"PidMode":"host","IpcMode":"host","NetworkMode":"host"}}""")!.AsObject();
                break;
            case "ContainerUpdate":
                yield return JsonNode.Parse("""{"HostConfig":{"Memory":6291456,"CpuPeriod":1000000,"CpuQuota":1000,"NanoCpus":10000000}}""")!.AsObject();
                break;
            default:
                break;
        }
    }

    private static IEnumerable<string> Granted(OfflineCaller caller) =>
        caller.Roles.SelectMany(role => role.Grants?.Binds ?? []).SelectMany(bind => caller.Caller.Expand(bind.Source)).Distinct().Take(MostBinds);

    private static IEnumerable<JsonObject> Execs() =>
        from privileged in Privileged
        from user in Users
        select new JsonObject { ["ProcessConfig"] = new JsonObject { ["privileged"] = privileged, ["user"] = user } };

    private static JsonObject Bind(string source, bool writable) => new()
    {
        ["HostConfig"] = new JsonObject { ["CapDrop"] = new JsonArray("MKNOD") },
        ["Mounts"] = new JsonArray(new JsonObject { ["Type"] = "bind", ["Source"] = source, ["RW"] = writable }),
    };
}
