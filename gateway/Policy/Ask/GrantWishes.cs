using System.Globalization;
using System.Net;
using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Checks;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Ask;

/// <summary>
/// Reads from a request, and from what was looked up for it, everything that a grant could allow of it. Which of it is really
/// missing is for the evaluator to say: this only collects, so that too much here does no harm.
/// </summary>
internal static class GrantWishes
{
    private const long NanosPerCpu = 1_000_000_000;

    /// <param name="facts">What the objects bring along, where they are known.</param>
    /// <param name="setuidAccepted">Whether a read-write bind would say that set-uid programs in it are accepted.</param>
    /// <exception cref="RequestRefusedException">The body cannot be read.</exception>
    public static IReadOnlyList<GrantWish> Of(EngineRequest request, ReadOnlySpan<byte> body, RequestFacts? facts = null, bool setuidAccepted = true)
    {
        var query = request.Query;
        IEnumerable<GrantWish> wishes = request.Operation!.Name switch
        {
            "ContainerCreate" => ContainerWishes.OfCreate(EngineBody.Read<ContainerCreateBody>(body), setuidAccepted),
            "ContainerUpdate" => ContainerWishes.OfResources(EngineBody.Read<ContainerUpdateBody>(body)),
            "ContainerExec" => ContainerWishes.OfExec(EngineBody.Read<ExecCreateBody>(body)),
            "ExecStart" => [Wishes.AnyUser(null), Wishes.Privileged],
            "SystemAuth" => [Wishes.Registry(Registry(EngineBody.Read<AuthBody>(body).ServerAddress ?? ""))],
            "VolumeCreate" => ContainerWishes.OfLabels(EngineBody.Read<VolumeCreateBody>(body).Labels?.Keys),
            "NetworkCreate" => OfNetworkCreate(EngineBody.Read<NetworkCreateBody>(body)),
            "ImageSearch" => [Wishes.Registry(Registry(RegistryCheck.SearchedHost(query.Get("term") ?? "")))],
            "NetworkConnect" or "NetworkInspect" or "NetworkDisconnect" => [Wishes.Network(request.Name!), Wishes.Network("own")],
            "ImageCreate" => Wishes.Images(Named(query.Get("fromImage"), query.Get("tag"))).Concat(LocalRegistry(query.Get("fromImage"))),
            "ImageTag" => Wishes.Images(request.Name!).Concat(Wishes.OwnImages(Named(query.Get("repo"), query.Get("tag")))),
            "ImagePush" => Wishes.Images(request.Name!).Concat(Wishes.OwnImages(Named(request.Name, query.Get("tag")))).Concat(LocalRegistry(request.Name)),
            "ImageDelete" => Wishes.Images(request.Name!).Concat(Wishes.OwnImages(request.Name!)),
            "ImageCommit" => [.. Wishes.OwnImages(Named(query.Get("repo"), query.Get("tag"))), .. ContainerWishes.OfLabels(EngineBody.Read<ContainerConfig>(body.IsEmpty ? "{}"u8 : body).Labels?.Keys), Wishes.AnyUser(null)],
            "ImageBuild" => OfBuild(query),
            "DistributionInspect" => [.. Wishes.Images(request.Name!), .. ImageReference.TryParse(request.Name!, out var image) ? [Wishes.Registry(image.Domain)] : (GrantWish[])[]],
            "ImageGetAll" => query.GetAll("names").SelectMany(Wishes.Images),
            _ when request.Operation.Object == ObjectKind.Image && request.Name is { } name => Wishes.Images(name),
            _ => [],
        };
        return [.. wishes.Concat((request.RegistryAuth?.Registries ?? []).Where(address => address.Length > 0).Select(address => Wishes.Registry(Registry(address)))).Concat(facts is null ? [] : OfObjects(request, facts, setuidAccepted))];
    }

    private static IEnumerable<GrantWish> OfNetworkCreate(NetworkCreateBody body) => ContainerWishes.OfLabels(body.Labels?.Keys)
        .Concat((body.IPAM?.Config ?? []).Where(pool => IPNetwork.TryParse(pool.Subnet ?? "", out _)).Select(pool => Wishes.Subnet(IPNetwork.Parse(pool.Subnet!))));

    private static IEnumerable<GrantWish> LocalRegistry(string? image) =>
        RegistryCheck.IsLocal(image) ? [Wishes.Registry(RegistryHost.Local)] : [];

    private static IEnumerable<GrantWish> OfBuild(EngineQuery query)
    {
        var (memory, shm, period, quota) = (Number(query, "memory"), Number(query, "shmsize"), Number(query, "cpuperiod"), Number(query, "cpuquota"));
        return query.GetAll("t").SelectMany(Wishes.OwnImages)
            .Append(Wishes.AnyUser(null))
            .Concat(query.Get("networkmode") is { Length: > 0 } mode ? ContainerWishes.OfNetworkMode(mode) : [])
            .Concat(List<string>(query, "cachefrom").SelectMany(Wishes.Images))
            .Concat(ContainerWishes.OfLabels(query.Get("labels") is { Length: > 0 } labels ? EngineBody.ReadMap(labels).Keys : []))
            .Concat(memory > 0 ? [Wishes.Memory(memory)] : [])
            .Concat(shm > 0 ? [Wishes.ShmSize(shm), Wishes.Memory(shm)] : [])
            .Concat(quota > 0 ? [Wishes.Cpus((long)Math.Ceiling((decimal)quota * NanosPerCpu / (period > 0 ? period : 100_000)))] : [])
            .Concat(ContainerWishes.OfUlimits(List<Ulimit>(query, "ulimits")));
    }

    /// <summary>What is asked for through an object: an image by its id, the binds and networks that a container was made with.</summary>
    private static IEnumerable<GrantWish> OfObjects(EngineRequest request, RequestFacts facts, bool setuidAccepted)
    {
        foreach (var folder in facts.HostPaths.Seen.Keys.Select(name => name.Folder).OfType<string>().Distinct())
        {
            yield return Wishes.Bind(folder, readOnly: true, setuidAccepted, inside: true);
            yield return Wishes.Bind(folder, readOnly: false, setuidAccepted, inside: true);
        }

        foreach (var (reference, found) in facts.Objects)
        {
            if (found is null)
            {
                continue;
            }

            switch (reference.Kind)
            {
                case ObjectKind.Image:
                    foreach (var wish in found.ImageNames.SelectMany(name => request.Operation!.Name == "ImageDelete" ? Wishes.Images(name).Concat(Wishes.OwnImages(name)) : Wishes.Images(name)).Concat(ContainerWishes.OfLabels(found.Labels.Keys)))
                    {
                        yield return wish;
                    }

                    break;
                case ObjectKind.Network when found.Name.Length > 0:
                    foreach (var wish in ContainerWishes.OfNetworkMode(found.Name))
                    {
                        yield return wish;
                    }

                    break;
                case ObjectKind.Container when request.Operation!.Name is "ContainerCreate" or "ContainerExec" or "ContainerStart" or "ContainerRestart" or "ContainerAttach" or "ContainerAttachWebsocket" or "ImageBuild":
                    foreach (var wish in OfContainer(found, setuidAccepted))
                    {
                        yield return wish;
                    }

                    break;
                case ObjectKind.Exec:
                    foreach (var wish in ContainerWishes.OfCreate(KeptRightsCheck.MadeWith(Json.Member(found.Raw, ObjectResolver.WholeMember)), setuidAccepted))
                    {
                        yield return wish;
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<GrantWish> OfContainer(EngineObject container, bool setuidAccepted)
    {
        foreach (var wish in ContainerWishes.OfCreate(KeptRightsCheck.MadeWith(container.Raw), setuidAccepted))
        {
            yield return wish;
        }

        foreach (var (source, writable) in BindCheck.Of(container).Where(bind => HostPath.TryParseBindSource(bind.Source, out _, out _)))
        {
            yield return Wishes.Bind(source, readOnly: true, setuidAccepted);
            if (writable)
            {
                yield return Wishes.Bind(source, readOnly: false, setuidAccepted);
            }
        }

        var host = Json.Member(container.Raw, "HostConfig");
        foreach (var (member, grant) in ((string, string)[])[("PidMode", "pid"), ("IpcMode", "ipc"), ("NetworkMode", "network")])
        {
            if (Json.String(host, member) is { } mode && (mode == "host" || mode.StartsWith("container:", StringComparison.Ordinal)))
            {
                yield return Wishes.HostNamespace(grant);
            }
        }
    }

    private static List<T> List<T>(EngineQuery query, string name) =>
        query.Get(name) is { Length: > 0 } and not "null" and var text ? EngineBody.Read<List<T>>(Encoding.UTF8.GetBytes(text), "the query") : [];

    private static long Number(EngineQuery query, string name) => long.TryParse(query.Get(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Named(string? name, string? tag) =>
        string.IsNullOrEmpty(name) ? "" : string.IsNullOrEmpty(tag) ? name : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";

    private static string Registry(string address) => RegistryCheck.HostOf(address) is var host && RegistryCheck.HubNames.Contains(host) ? RegistryCheck.Hub : host;
}
