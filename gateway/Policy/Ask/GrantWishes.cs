using System.Globalization;
using System.Net;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Ask;

/// <summary>
/// Reads from a request everything that a grant could allow of it. Which of it is really missing is for the evaluator to say:
/// this only collects, so that too much here does no harm.
/// </summary>
internal static class GrantWishes
{
    private const string HostReach = "reaches the host: makes the role root-equivalent";
    private const decimal NanosPerCpu = 1_000_000_000;

    /// <exception cref="RequestRefusedException">The body cannot be read.</exception>
    public static IReadOnlyList<GrantWish> Of(EngineRequest request, ReadOnlySpan<byte> body)
    {
        var query = request.Query;
        return request.Operation!.Name switch
        {
            "ContainerCreate" => [.. OfCreate(EngineBody.Read<ContainerCreateBody>(body))],
            "ContainerUpdate" => [.. OfResources(EngineBody.Read<ContainerUpdateBody>(body))],
            "ContainerExec" => [.. OfExec(EngineBody.Read<ExecCreateBody>(body))],
            "SystemAuth" => [.. Registries(Registry(EngineBody.Read<AuthBody>(body).ServerAddress))],
            "VolumeCreate" => [.. Labels(EngineBody.Read<VolumeCreateBody>(body).Labels)],
            "NetworkCreate" => [.. OfNetworkCreate(EngineBody.Read<NetworkCreateBody>(body))],
            "ImageSearch" => [.. Registries((query.Get("term") ?? "").Split('/')[0])],
            "NetworkConnect" or "NetworkInspect" or "NetworkDisconnect" => [Network(request.Name!), Network("own")],
            "ImageCreate" => [.. Images(Named(query.Get("fromImage"), query.Get("tag")))],
            "ImageTag" => [.. Images(request.Name!), .. OwnImages(Named(query.Get("repo"), query.Get("tag")))],
            "ImagePush" or "ImageDelete" => [.. Images(request.Name!), .. OwnImages(request.Name!)],
            "ImageCommit" => [.. OwnImages(Named(query.Get("repo"), query.Get("tag")))],
            "ImageBuild" => [.. query.GetAll("t").SelectMany(OwnImages), .. query.Get("networkmode") is { Length: > 0 } mode ? OfNetworkMode(mode) : []],
            "ImageGetAll" => [.. query.GetAll("names").SelectMany(Images)],
            _ when request.Operation.Object == ObjectKind.Image && request.Name is { } name => [.. Images(name)],
            _ => [],
        };
    }

    private static IEnumerable<GrantWish> OfCreate(ContainerCreateBody body)
    {
        var host = body.HostConfig!;
        return Images(body.Image ?? "")
            .Concat(OfUser(body.User))
            .Concat(OfPrivileges(host))
            .Concat(OfNamespaces(host))
            .Concat(OfNetworkMode(host.NetworkMode is { Length: > 0 } mode ? mode : "bridge"))
            .Concat((body.NetworkingConfig?.EndpointsConfig?.Keys.AsEnumerable() ?? []).SelectMany(OfNetworkMode))
            .Concat(OfPorts(host))
            .Concat(OfBinds(host))
            .Concat(Labels(body.Labels))
            .Concat(OfLogs(host))
            .Concat(OfResources(host));
    }

    private static IEnumerable<GrantWish> OfPrivileges(HostConfig host)
    {
        if (host.Privileged == true)
        {
            yield return new("privileged", "true", false, g => g with { Privileged = true }, HostReach);
        }

        foreach (var capability in host.CapAdd ?? new TextOrList([]))
        {
            if (Capability.TryParse(capability.ToUpperInvariant(), out var name, out _))
            {
                yield return new("capabilities", name, true, g => g with { Capabilities = [.. g.Capabilities, name] }, Capability.ReachesHost(name) ? HostReach : null);
            }
        }

        foreach (var option in (host.SecurityOpt ?? []).Append(host.MaskedPaths is null && host.ReadonlyPaths is null ? "" : "systempaths=unconfined").Where(o => o.Length > 0))
        {
            var at = option.AsSpan().IndexOfAny('=', ':');
            var canonical = at < 0 ? option : $"{option[..at]}={option[(at + 1)..]}";
            yield return new("security-options", Quoted(canonical), true, g => g with { SecurityOptions = [.. g.SecurityOptions, canonical] }, "takes a confinement away");
        }

        if (host.Runtime is { Length: > 0 } runtime)
        {
            yield return new("runtimes", runtime, true, g => g with { Runtimes = [.. g.Runtimes, runtime] }, "the runtime runs as root");
        }

        foreach (var name in host.Sysctls?.Keys.AsEnumerable() ?? [])
        {
            yield return new("sysctls", name, true, g => g with { Sysctls = [.. g.Sysctls, name] });
        }
    }

    private static IEnumerable<GrantWish> OfNamespaces(HostConfig host) =>
        from mode in new[] { (host.PidMode, "pid"), (host.IpcMode, "ipc"), (host.UTSMode, "uts"), (host.UsernsMode, "user"), (host.CgroupnsMode, "cgroup") }
        where mode.Item1 == "host"
        select HostNamespace(mode.Item2);

    private static GrantWish HostNamespace(string name) =>
        new("host-namespaces", name, true, g => g with { HostNamespaces = [.. g.HostNamespaces, name] }, name == "uts" ? null : HostReach);

    private static IEnumerable<GrantWish> OfNetworkMode(string mode) => mode switch
    {
        "host" => [HostNamespace("network")],
        "default" => [Network("bridge")],
        _ when mode.StartsWith("container:", StringComparison.Ordinal) => [],
        "bridge" or "none" => [Network(mode)],
        _ => [Network("own"), Network(mode)],
    };

    private static GrantWish Network(string name) => new("networks", name, true, g => g with { Networks = [.. g.Networks, name] });

    private static IEnumerable<GrantWish> OfPorts(HostConfig host)
    {
        foreach (var binding in host.PortBindings?.Values.SelectMany(list => list ?? []) ?? [])
        {
            var address = binding.HostIp ?? "";
            if (Endpoints.TryParseAddress(address, out var clean, out _) && Endpoints.TryParsePorts(binding.HostPort ?? "", out var ports, out _))
            {
                var text = ports.First == ports.Last ? $"{ports.First}" : $"{ports.First}-{ports.Last}";
                yield return new("publish", $"{{addresses: [\"{clean}\"], ports: [{text}]}}", false, g => g with
                {
                    Publish = new PublishGrant([.. g.Publish?.Addresses ?? [], clean], [.. g.Publish?.Ports ?? [], ports]),
                });
            }
        }
    }

    private static IEnumerable<GrantWish> OfBinds(HostConfig host)
    {
        var binds = (host.Binds ?? []).Select(bind => bind.Split(':')).Where(parts => parts.Length > 1)
            .Select(parts => (Source: parts[0], ReadOnly: parts.Length == 3 && parts[2].Split(',').Contains("ro")));
        var mounts = (host.Mounts ?? []).Where(mount => mount.Type == "bind").Select(mount => (Source: mount.Source ?? "", ReadOnly: mount.ReadOnly == true));
        foreach (var (source, readOnly) in binds.Concat(mounts))
        {
            if (!HostPath.TryParseBindSource(source, out _, out _))
            {
                continue;
            }

            var meets = new NeverBindable([]).Meets(source);
            yield return new("binds", $"{{source: {Quoted(source)}, access: {(readOnly ? "ro" : "rw")}}}", true,
                g => g with { Binds = [.. g.Binds, new BindGrant(source, !readOnly, true)] },
                meets is not null ? $"{meets}: for a role that says \"root-equivalent: true\" only" : readOnly ? null : "read-write: mount its file system nosuid,nodev, or add setuid: accepted");
        }
    }

    private static IEnumerable<GrantWish> OfResources(ContainerResources asked)
    {
        if (asked.Memory is > 0 and var memory)
        {
            yield return new("memory", $"{{default: {Math.Min(memory, Limit.DefaultMemory.Default)}, max: {memory}}}", false, g => g with { Memory = Raised(g.Memory, memory) });
        }

        if (asked.NanoCpus is > 0 and var cpus)
        {
            yield return Cpus(cpus);
        }
        else if (asked.CpuQuota is > 0 and var quota)
        {
            yield return Cpus((long)Math.Ceiling((decimal)quota * NanosPerCpu / (asked.CpuPeriod is > 0 and var period ? period : 100_000)));
        }

        if (asked.PidsLimit is > 0 and var pids)
        {
            yield return new("pids", $"{{default: {Math.Min(pids, Limit.DefaultPids.Default)}, max: {pids}}}", false, g => g with { Pids = Raised(g.Pids, pids) });
        }

        foreach (var device in asked.Devices ?? [])
        {
            if (HostPath.TryParseDevice(device.PathOnHost ?? "", out var path, out _))
            {
                var permissions = device.CgroupPermissions is { Length: > 0 } given ? given : "rwm";
                yield return new("devices", $"{{path: {path}, permissions: {permissions}}}", true, g => g with { Devices = [.. g.Devices, new DeviceGrant(path, permissions)] }, HostReach);
            }
        }

        foreach (var limit in asked.Ulimits ?? [])
        {
            var (name, most) = (limit.Name ?? "", limit.Hard ?? 0);
            if (Checks.UlimitCheck.Names.Contains(name))
            {
                yield return new("ulimits", $"{{{name}: {(most < 0 ? "unlimited" : most)}}}", false, g => g with { Ulimits = new Dictionary<string, long>(g.Ulimits) { [name] = most } });
            }
        }

        if (asked is HostConfig { ShmSize: > 0 and var shm })
        {
            yield return new("shm-size", shm.ToString(CultureInfo.InvariantCulture), false, g => g with { ShmSize = shm });
        }

        if (asked.DeviceRequests is { Count: > 0 } requests)
        {
            var all = requests.Exists(r => r.Count == -1);
            var count = all ? -1 : (int)Math.Min(int.MaxValue, requests.Sum(r => (long)(r.Count ?? 0)));
            yield return new("gpus", all ? "all" : count.ToString(CultureInfo.InvariantCulture), false, g => g with { Gpus = count });
        }
    }

    private static IEnumerable<GrantWish> Labels(Dictionary<string, string>? labels) =>
        (labels?.Keys.Where(name => !OwnerLabel.IsReserved(name)) ?? []).Select(name => new GrantWish("labels", Quoted(name), true, g => g with { Labels = [.. g.Labels, name] }, "a proxy or agent on the host obeys it"));

    private static IEnumerable<GrantWish> OfLogs(HostConfig host) => host.LogConfig?.Type is { Length: > 0 } driver
        ? [new("log-drivers", driver, true, g => g with { LogDrivers = [.. g.LogDrivers, new LogDriverGrant(driver, new Dictionary<string, string>())] }, "the engine writes there, as root")]
        : [];

    private static IEnumerable<GrantWish> OfNetworkCreate(NetworkCreateBody body) => Labels(body.Labels)
        .Concat((body.IPAM?.Config ?? []).Where(pool => IPNetwork.TryParse(pool.Subnet ?? "", out _))
            .Select(pool => new GrantWish("subnets", Quoted(pool.Subnet!), true, g => g with { Subnets = [.. g.Subnets, IPNetwork.Parse(pool.Subnet!)] })));

    private static IEnumerable<GrantWish> Registries(string host) =>
        [new("registries", Quoted(host), true, g => g with { Registries = [.. g.Registries ?? [.. g.Images.Concat(g.OwnImages).Select(pattern => pattern.Split('/')[0]).Distinct()], host] })];

    private static GrantWish Cpus(long nanos)
    {
        var most = (nanos / NanosPerCpu).ToString(CultureInfo.InvariantCulture);
        var least = Math.Min(nanos / NanosPerCpu, 1).ToString(CultureInfo.InvariantCulture);
        return new("cpus", $"{{default: \"{least}\", max: \"{most}\"}}", false, g => g with { Cpus = Raised(g.Cpus, nanos) });
    }

    private static Limit Raised(Limit limit, long max) => new(Math.Min(limit.Default, max), Math.Max(limit.Max, max));

    private static IEnumerable<GrantWish> OfExec(ExecCreateBody body)
    {
        if (body.Privileged == true)
        {
            yield return new("privileged", "true", false, g => g with { Privileged = true }, HostReach);
        }

        foreach (var wish in OfUser(body.User))
        {
            yield return wish;
        }
    }

    private static IEnumerable<GrantWish> OfUser(string? user) =>
        [new("user", "any", false, g => g with { NonRoot = false }, user is { Length: > 0 } ? null : "or give the user as a number, as in --user 1000:1000")];

    private static IEnumerable<GrantWish> Images(string name) => Image("images", name, (g, pattern) => g with { Images = [.. g.Images, pattern] });

    private static IEnumerable<GrantWish> OwnImages(string name) => Image("own-images", name, (g, pattern) => g with { OwnImages = [.. g.OwnImages, pattern] });

    private static IEnumerable<GrantWish> Image(string key, string name, Func<Grants, string, Grants> add)
    {
        var pattern = name.EndsWith("/*", StringComparison.Ordinal) ? name : ImageReference.TryParse(name, out var image) ? image.Canonical : null;
        return pattern is null ? [] : [new(key, Quoted(pattern), true, g => add(g, pattern), key == "own-images" ? "whoever else runs images of this name runs what is put there" : null)];
    }

    private static string Named(string? name, string? tag) =>
        string.IsNullOrEmpty(name) ? "" : string.IsNullOrEmpty(tag) ? name : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";

    private static string Registry(string? address)
    {
        var text = address ?? "";
        var host = (text.Contains("://", StringComparison.Ordinal) ? text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..] : text).Split('/')[0];
        return host is "" or "index.docker.io" or "registry-1.docker.io" ? "docker.io" : host;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
