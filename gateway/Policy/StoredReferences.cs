using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>
/// The objects that a container keeps and that the engine resolves again when it starts (threats §4.2): networks by name,
/// joined containers, links, volumes. What they stand for may have changed since the create.
/// </summary>
internal static class StoredReferences
{
    private const string Joined = "container:";

    public static IEnumerable<ObjectReference> Of(EngineObject container)
    {
        var host = Json.Member(container.Raw, "HostConfig");
        return Networks(container, host).Select(name => new ObjectReference(ObjectKind.Network, name))
            .Concat(Containers(container, host).Select(name => new ObjectReference(ObjectKind.Container, name)))
            .Concat(Volumes(container, host).Select(name => new ObjectReference(ObjectKind.Volume, name)))
            .Where(reference => reference.Name.Length > 0)
            .Distinct();
    }

    /// <summary>By the kept name and, where the engine also keeps an id, by that: engines differ in which they use.</summary>
    private static IEnumerable<string> Networks(EngineObject container, JsonElement host)
    {
        var mode = Json.String(host, "NetworkMode") ?? "";
        return Endpoints(container).SelectMany(endpoint => (string[])[endpoint.Name, Json.String(endpoint.Value, "NetworkID") ?? ""])
            .Append(mode.StartsWith(Joined, StringComparison.Ordinal) || mode == "default" ? "" : mode);
    }

    private static IEnumerable<string> Containers(EngineObject container, JsonElement host)
    {
        var joined = ((string[])["NetworkMode", "PidMode", "IpcMode"])
            .Select(field => Json.String(host, field) ?? "")
            .Where(mode => mode.StartsWith(Joined, StringComparison.Ordinal))
            .Select(mode => mode[Joined.Length..]);
        var links = Json.Strings(host, "Links").Concat(Endpoints(container).SelectMany(endpoint => Json.Strings(endpoint.Value, "Links")));
        return joined
            .Concat(links.Select(link => link.Split(':')[0].TrimStart('/')))
            .Concat(Json.Strings(host, "VolumesFrom").Select(from => from.Split(':')[0]));
    }

    /// <summary>Without those of granted folders, which are nobody's and are judged as the paths that they stand for.</summary>
    private static IEnumerable<string> Volumes(EngineObject container, JsonElement host) =>
        Json.Items(Json.Member(container.Raw, "Mounts")).Where(mount => Json.String(mount, "Type") == "volume").Select(mount => Json.String(mount, "Name") ?? "")
            .Concat(Json.Items(Json.Member(host, "Mounts")).Where(mount => Json.String(mount, "Type") == "volume").Select(mount => Json.String(mount, "Source") ?? ""))
            .Where(name => !FolderVolume.IsName(name));

    private static IEnumerable<JsonProperty> Endpoints(EngineObject container) =>
        Json.Members(Json.Member(Json.Member(container.Raw, "NetworkSettings"), "Networks"));
}
