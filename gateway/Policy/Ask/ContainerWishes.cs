using Gateway.EngineApi.Documents;
using Gateway.Policy.Checks;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Ask;

/// <summary>What the body of a create, an update or an exec could need of a role's grants.</summary>
internal static class ContainerWishes
{
    private const decimal NanosPerCpu = 1_000_000_000;

    /// <summary>What Linux gives out for port 0; the engine chooses from it unless its host says otherwise.</summary>
    private static readonly PortRange LeftToTheEngine = new(32768, 60999);

    public static IEnumerable<GrantWish> OfCreate(ContainerCreateBody body, bool setuidAccepted)
    {
        var host = body.HostConfig!;
        return Wishes.Images(body.Image ?? "")
            .Append(Wishes.AnyUser(body.User))
            .Concat(OfPrivileges(host))
            .Concat(OfNamespaces(host))
            .Concat(OfNetworkMode(host.NetworkMode is { Length: > 0 } mode ? mode : "bridge"))
            .Concat((body.NetworkingConfig?.EndpointsConfig?.Keys.AsEnumerable() ?? []).SelectMany(OfNetworkMode))
            .Concat(OfPorts(host))
            .Concat(OfMounts(host, setuidAccepted))
            .Concat(OfLabels(body.Labels?.Keys))
            .Concat(host.LogConfig?.Type is { Length: > 0 } driver and not ("json-file" or "local" or "none") ? [Wishes.LogDriver(driver)] : [])
            .Concat(OfResources(host))
            .Concat(OfDevices(host));
    }

    public static IEnumerable<GrantWish> OfExec(ExecCreateBody body) => body.Privileged == true ? [Wishes.Privileged, Wishes.AnyUser(body.User)] : [Wishes.AnyUser(body.User)];

    public static IEnumerable<GrantWish> OfLabels(IEnumerable<string>? names) => (names ?? []).Where(name => !EngineApi.OwnerLabel.IsReserved(name)).Select(Wishes.Label);

    public static IEnumerable<GrantWish> OfNetworkMode(string mode) => mode switch
    {
        "host" => [Wishes.HostNamespace("network")],
        "default" => [Wishes.Network("bridge")],
        _ when mode.StartsWith("container:", StringComparison.Ordinal) => [],
        "bridge" or "none" => [Wishes.Network(mode)],
        _ => [Wishes.Network("own"), Wishes.Network(mode)],
    };

    public static IEnumerable<GrantWish> OfResources(ContainerResources asked)
    {
        if (asked.Memory is > 0 and var memory)
        {
            yield return Wishes.Memory(memory);
        }

        if (asked.NanoCpus is > 0 and var cpus)
        {
            yield return Wishes.Cpus(cpus);
        }
        else if (asked.CpuQuota is > 0 and var quota)
        {
            yield return Wishes.Cpus((long)Math.Ceiling((decimal)quota * NanosPerCpu / (asked.CpuPeriod is > 0 and var period ? period : 100_000)));
        }

        if (asked.PidsLimit is > 0 and var pids)
        {
            yield return Wishes.Pids(pids);
        }

        foreach (var limit in OfUlimits(asked.Ulimits))
        {
            yield return limit;
        }
    }

    public static IEnumerable<GrantWish> OfUlimits(IEnumerable<Ulimit>? limits) =>
        (limits ?? []).Where(limit => UlimitCheck.Names.Contains(limit.Name)).Select(limit => Wishes.Ulimit(limit.Name!, limit.Hard ?? 0));

    private static IEnumerable<GrantWish> OfPrivileges(HostConfig host)
    {
        if (host.Privileged == true)
        {
            yield return Wishes.Privileged;
        }

        foreach (var capability in host.CapAdd ?? new TextOrList([]))
        {
            if (Capability.TryParse(capability.ToUpperInvariant(), out var name, out _))
            {
                yield return Wishes.Capability(name);
            }
        }

        foreach (var option in (host.SecurityOpt ?? []).Select(SecurityOptionCheck.Canonical).OfType<string>().Concat(host.MaskedPaths is null && host.ReadonlyPaths is null ? [] : [SecurityOptionCheck.Unmasked]))
        {
            yield return Wishes.SecurityOption(option);
        }

        if (host.Runtime is { Length: > 0 } runtime)
        {
            yield return Wishes.Runtime(runtime);
        }

        foreach (var name in host.Sysctls?.Keys.AsEnumerable() ?? [])
        {
            yield return Wishes.Sysctl(name);
        }
    }

    private static IEnumerable<GrantWish> OfNamespaces(HostConfig host) =>
        from mode in new[] { (host.PidMode, "pid"), (host.IpcMode, "ipc"), (host.UTSMode, "uts"), (host.UsernsMode, "user"), (host.CgroupnsMode, "cgroup") }
        where mode.Item1 == "host"
        select Wishes.HostNamespace(mode.Item2);

    private static IEnumerable<GrantWish> OfPorts(HostConfig host)
    {
        foreach (var binding in host.PortBindings?.Values.SelectMany(list => list ?? []) ?? [])
        {
            if (!Endpoints.TryParseAddress(binding.HostIp ?? "", out var address, out _))
            {
                continue;
            }

            if (binding.HostPort is null or "" or "0")
            {
                yield return Wishes.Publish(address, LeftToTheEngine);
            }
            else if (Endpoints.TryParsePorts(binding.HostPort, out var ports, out _))
            {
                yield return Wishes.Publish(address, ports);
            }
        }
    }

    private static IEnumerable<GrantWish> OfMounts(HostConfig host, bool setuidAccepted)
    {
        var binds = (host.Binds ?? []).Select(bind => bind.Split(':')).Where(parts => parts.Length > 1)
            .Select(parts => (Source: parts[0], ReadOnly: parts.Length == 3 && parts[2].Split(',').Contains("ro")));
        var mounts = (host.Mounts ?? []).Where(mount => mount.Type == "bind").Select(mount => (Source: mount.Source ?? "", ReadOnly: mount.ReadOnly == true));
        foreach (var (source, readOnly) in binds.Concat(mounts).Where(bind => HostPath.TryParseBindSource(bind.Source, out _, out _)))
        {
            yield return Wishes.Bind(source, readOnly, setuidAccepted);
        }

        foreach (var image in (host.Mounts ?? []).Where(mount => mount.Type == "image").SelectMany(mount => Wishes.Images(mount.Source ?? "")))
        {
            yield return image;
        }

        // A file system in memory lies within the memory that a container may have.
        foreach (var size in (host.Mounts ?? []).Select(mount => mount.TmpfsOptions?.SizeBytes ?? 0).Concat((host.Tmpfs?.Values.AsEnumerable() ?? []).Select(TmpfsCheck.Size)).Where(size => size > 0))
        {
            yield return Wishes.Memory(size);
        }

        if (host.ShmSize is > 0 and var shm)
        {
            yield return Wishes.ShmSize(shm);
            if (host.Memory is null or 0)
            {
                yield return Wishes.Memory(shm, least: shm);
            }
        }
    }

    private static IEnumerable<GrantWish> OfDevices(HostConfig host)
    {
        foreach (var device in host.Devices ?? [])
        {
            if (HostPath.TryParseDevice(device.PathOnHost ?? "", out var path, out _))
            {
                yield return Wishes.Device(path, device.CgroupPermissions is { Length: > 0 } given ? given : "rwm");
            }
        }

        foreach (var id in (host.DeviceRequests ?? []).SelectMany(request => (request.DeviceIDs ?? []).Select(id => request.Driver == "cdi" ? id : GpuCheck.CdiName(id))))
        {
            if (HostPath.TryParseDevice(id, out var name, out _))
            {
                yield return Wishes.Device(name, "rwm");
            }
        }

        if (host.DeviceRequests?.Where(request => request.Driver != "cdi" && request.DeviceIDs is not { Count: > 0 }).ToList() is { Count: > 0 } counted)
        {
            yield return Wishes.Gpus(counted.Exists(request => request.Count is not > 0) ? -1 : (int)Math.Min(int.MaxValue, counted.Sum(request => request.Count!.Value)));
        }
    }
}
