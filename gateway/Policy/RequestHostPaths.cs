using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Checks;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy;

/// <summary>
/// The host paths that a request leads to and that one of the caller's roles grants: what has to be looked at before it is
/// decided. What no role grants is refused without a look at it.
/// </summary>
internal sealed class RequestHostPaths
{
    private readonly HashSet<string> exact;
    private readonly HashSet<string> folders;

    private RequestHostPaths(IReadOnlyList<Grants> grants, Func<string, IEnumerable<string>> expand)
    {
        exact = [.. grants.SelectMany(all => all.Binds.SelectMany(bind => expand(bind.Source)).Concat(all.Devices.Select(device => device.Path)))];
        folders = [.. grants.SelectMany(all => all.Binds).Where(bind => bind.Inside).SelectMany(bind => expand(bind.Source))];
    }

    public static IEnumerable<HostPathName> Of(
        Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, IReadOnlyDictionary<ObjectReference, EngineObject?> objects)
    {
        var granted = new RequestHostPaths([.. caller.Roles.Select(role => role.Grants).OfType<Grants>()], caller.Expand);
        if (granted.exact.Count == 0)
        {
            return [];
        }

        var containers = objects.Values.OfType<EngineObject>().Where(found => found.Kind == ObjectKind.Container);
        return request.Operation!.Name switch
        {
            "ContainerCreate" => OfCreate(EngineBody.Read<ContainerCreateBody>(body.Span).HostConfig!).SelectMany(granted.Named).Concat(containers.SelectMany(granted.Kept)).Distinct(),
            "ContainerStart" or "ContainerRestart" => containers.SelectMany(granted.Kept).Distinct(),
            _ => [],
        };
    }

    /// <summary>Those of a container that was made under one role.</summary>
    public static IEnumerable<HostPathName> Of(EngineObject container, CheckContext context) => new RequestHostPaths([context.Grants], context.Expand).Kept(container).Distinct();

    private IEnumerable<HostPathName> Named(string path) => exact.Contains(path)
        ? [new HostPathName(path)]
        : folders.Where(folder => HostPath.IsClean(path) && HostPath.LiesBelow(path, folder)).Select(folder => new HostPathName(path, folder));

    private IEnumerable<HostPathName> Kept(EngineObject container) =>
        BindCheck.Of(container).Select(bind => bind.Source).Where(exact.Contains).Select(path => new HostPathName(path))
            .Concat(BindCheck.FoldersOf(container).Select(kept => kept.Folder).Where(folders.Contains).Select(folder => new HostPathName(folder, folder)));

    private static IEnumerable<string> OfCreate(HostConfig host) =>
    [
        .. (host.Binds ?? []).Select(bind => bind.Split(':')[0]),
        .. (host.Mounts ?? []).Where(mount => mount.Type == "bind").Select(mount => mount.Source ?? ""),
        .. (host.Devices ?? []).Select(device => device.PathOnHost ?? ""),
    ];
}
