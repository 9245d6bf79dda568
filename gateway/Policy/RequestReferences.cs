using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Checks;

namespace Gateway.Policy;

/// <summary>Every object that a request names, in path, query or body: what has to be resolved before it is decided (I36).</summary>
internal static class RequestReferences
{
    private static readonly string[] NotNetworks = ["", "default", "bridge", "none", "host"];

    // Each costs the engine a call, and no client names nearly as many.
    private const int Most = 256;

    /// <summary>Each once.</summary>
    /// <exception cref="RequestRefusedException">The body cannot be read, or there are more than anybody needs.</exception>
    public static IReadOnlyList<ObjectReference> Of(EngineRequest request, ReadOnlyMemory<byte> body)
    {
        IReadOnlyList<ObjectReference> all = [.. Named(request, body).Distinct().Take(Most + 1)];
        return all.Count <= Most ? all : throw new RequestRefusedException(400, $"the request names more than {Most} containers, images, volumes and networks");
    }

    private static IEnumerable<ObjectReference> Named(EngineRequest request, ReadOnlyMemory<byte> body)
    {
        var operation = request.Operation!;
        if (request.Name is { } name)
        {
            yield return new(operation.PathKind, name);
        }

        foreach (var reference in OfQuery(operation, request.Query).Concat(OfBody(operation, body.Span)).Where(r => r.Name.Length > 0))
        {
            yield return reference;
        }
    }

    private static IEnumerable<ObjectReference> OfQuery(EngineOperation operation, EngineQuery query)
    {
        switch (operation.Name)
        {
            case "ImageCommit":
                yield return new(ObjectKind.Container, query.Get("container") ?? "");
                break;
            case "ContainerList":
                var filters = EngineFilters.Parse(query.Get("filters"), operation);
                foreach (var name in filters.Get("since").Concat(filters.Get("before")).Append(query.Get("since") ?? "").Append(query.Get("before") ?? ""))
                {
                    yield return new(ObjectKind.Container, name);
                }

                foreach (var name in filters.Get("ancestor"))
                {
                    yield return new(ObjectKind.Image, name);
                }

                break;
            case "ImageList":
                var images = EngineFilters.Parse(query.Get("filters"), operation);
                foreach (var name in images.Get("since").Concat(images.Get("before")))
                {
                    yield return new(ObjectKind.Image, name);
                }

                break;
            case "ImageGetAll":
                foreach (var name in query.GetAll("names"))
                {
                    yield return new(ObjectKind.Image, name);
                }

                break;
            case "ImageBuild":
                var mode = query.Get("networkmode") ?? "";
                yield return NotNetworks.Contains(mode) ? new(ObjectKind.Network, "")
                    : mode.StartsWith("container:", StringComparison.Ordinal) ? new(ObjectKind.Container, mode[10..])
                    : new(ObjectKind.Network, mode);
                foreach (var name in BuildCheck.CacheImages(query.Get("cachefrom") ?? ""))
                {
                    yield return new(ObjectKind.Image, name);
                }

                break;
            default:
                break;
        }
    }

    private static IEnumerable<ObjectReference> OfBody(EngineOperation operation, ReadOnlySpan<byte> body) => operation.Name switch
    {
        "ContainerCreate" => OfCreate(EngineBody.Read<ContainerCreateBody>(body)),
        "VolumeCreate" => [new(ObjectKind.Volume, EngineBody.Read<VolumeCreateBody>(body).Name ?? "")],
        "NetworkConnect" => OfConnect(EngineBody.Read<NetworkConnectBody>(body)),
        "NetworkDisconnect" => [new(ObjectKind.Container, EngineBody.Read<NetworkDisconnectBody>(body).Container ?? "")],
        _ => [],
    };

    private static IEnumerable<ObjectReference> OfConnect(NetworkConnectBody body) =>
        Links(body.EndpointConfig?.Links).Append(new(ObjectKind.Container, body.Container ?? ""));

    private static IEnumerable<ObjectReference> OfCreate(ContainerCreateBody body)
    {
        var host = body.HostConfig!;
        yield return new(ObjectKind.Image, body.Image is { } image && ImageReference.TryParse(image, out _) ? image : "");
        foreach (var mode in (string?[])[host.PidMode, host.IpcMode, host.NetworkMode])
        {
            yield return new(ObjectKind.Container, mode?.StartsWith("container:", StringComparison.Ordinal) == true ? mode[10..] : "");
        }

        var endpoints = body.NetworkingConfig?.EndpointsConfig;
        foreach (var network in (endpoints?.Keys.AsEnumerable() ?? []).Append(host.NetworkMode ?? "").Where(n => !NotNetworks.Contains(n) && !n.StartsWith("container:", StringComparison.Ordinal)))
        {
            yield return new(ObjectKind.Network, network);
        }

        foreach (var link in Links(host.Links).Concat(endpoints?.Values.SelectMany(e => Links(e?.Links)) ?? []))
        {
            yield return link;
        }

        foreach (var from in host.VolumesFrom ?? [])
        {
            yield return new(ObjectKind.Container, from.Split(':')[0]);
        }

        foreach (var source in host.Mounts?.Where(m => m.Type == "image").Select(m => m.Source ?? "").Where(name => ImageReference.TryParse(name, out _)) ?? [])
        {
            yield return new(ObjectKind.Image, source);
        }

        var mounted = host.Mounts?.Where(m => m.Type == "volume").Select(m => m.Source ?? "") ?? [];
        var bound = host.Binds?.Select(b => b.Split(':')).Where(p => p.Length > 1 && !p[0].StartsWith('/')).Select(p => p[0]) ?? [];
        foreach (var volume in mounted.Concat(bound).Where(v => v.Length == 0 || ObjectName.IsValid(v)))
        {
            yield return new(ObjectKind.Volume, volume);
        }
    }

    private static IEnumerable<ObjectReference> Links(List<string>? links) =>
        links?.Select(link => new ObjectReference(ObjectKind.Container, link.Split(':')[0].TrimStart('/'))) ?? [];
}
