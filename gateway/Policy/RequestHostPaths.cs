using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Checks;

namespace Gateway.Policy;

/// <summary>
/// The host paths that a request leads to and that one of the caller's roles grants: what has to be looked at before it is
/// decided. What no role grants is refused without a look at it.
/// </summary>
internal static class RequestHostPaths
{
    public static IEnumerable<string> Of(
        Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, IReadOnlyDictionary<ObjectReference, EngineObject?> objects)
    {
        var granted = caller.Roles.Select(role => role.Grants).OfType<Grants>()
            .SelectMany(grants => grants.Binds.SelectMany(bind => caller.Expand(bind.Source)).Concat(grants.Devices.Select(device => device.Path)))
            .ToHashSet(StringComparer.Ordinal);
        return granted.Count == 0 ? [] : Named(request, body, objects).Where(granted.Contains).Distinct();
    }

    private static IEnumerable<string> Named(EngineRequest request, ReadOnlyMemory<byte> body, IReadOnlyDictionary<ObjectReference, EngineObject?> objects) => request.Operation!.Name switch
    {
        "ContainerCreate" => OfCreate(EngineBody.Read<ContainerCreateBody>(body.Span).HostConfig!).Concat(OfContainers(objects)),
        "ContainerStart" or "ContainerRestart" => OfContainers(objects),
        _ => [],
    };

    private static IEnumerable<string> OfContainers(IReadOnlyDictionary<ObjectReference, EngineObject?> objects) =>
        objects.Values.OfType<EngineObject>().Where(found => found.Kind == ObjectKind.Container).SelectMany(BindCheck.Of).Select(bind => bind.Source);

    private static IEnumerable<string> OfCreate(HostConfig host) =>
    [
        .. (host.Binds ?? []).Select(bind => bind.Split(':')[0]),
        .. (host.Mounts ?? []).Where(mount => mount.Type == "bind").Select(mount => mount.Source ?? ""),
        .. (host.Devices ?? []).Select(device => device.PathOnHost ?? ""),
    ];
}
