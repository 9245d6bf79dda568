using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// What a container of a role's user may be, judged on what the engine says it is and on the role's own grants: whatever way a request
/// was written, this is what became of it. Written from the threats, not from the gateway's checks.
/// </summary>
internal sealed class ContainerOracle(EngineProbe engine, FuzzWorld world)
{
    private const double OrdinaryMemory = 2L << 30;
    private const double OrdinaryCpus = 2;
    private const double OrdinaryPids = 1024;
    private const double OrdinaryShm = 1L << 30;
    private const double OrdinaryCount = 1048576;

    private static readonly string[] NeverSet = ["DeviceCgroupRules", "Annotations", "StorageOpt", "ContainerIDFile", "Cgroup", "CgroupParent", "CpusetCpus", "CpusetMems", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps"];

    // Read from what shipped proxies and agents document, not from the gateway's list.
    private static readonly string[] Obeyed = ["traefik.", "caddy", "com.centurylinklabs.watchtower.", "ofelia.", "com.docker.stack.", "io.kubernetes."];

    /// <summary>What was so before any case: objects that the role could not have made itself, by their id.</summary>
    public ConcurrentDictionary<string, IReadOnlyList<string>> Excused { get; } = new();

    /// <summary>What is wrong with it, a line each.</summary>
    /// <param name="user">Whose it has to be; null for the container of a build's step, which has what labels its image gives it (SECURITY.md).</param>
    public async Task<List<string>> ProblemsAsync(JsonElement container, FuzzRole role, string? user)
    {
        var wrong = new List<string>();
        var (config, host) = (container.GetProperty("Config"), container.GetProperty("HostConfig"));
        Identity(wrong, config, role, user);
        Confinement(wrong, config, host, role, user);
        Limits(wrong, host, role, user);
        Devices(wrong, host, role, user ?? "");
        await JoinedAsync(wrong, container, role, user ?? "");
        foreach (var mount in container.Items("Mounts"))
        {
            Check(wrong, await IsGrantedAsync(mount, host, role, user ?? ""), "mount " + mount);
        }

        return [.. wrong.Except(Excused.GetValueOrDefault(FuzzWorld.Id(container)) ?? [])];
    }

    private void Identity(List<string> wrong, JsonElement config, FuzzRole role, string? user)
    {
        Check(wrong, user is null || config.Owner() == user, "owner " + config.Raw("Labels"));
        Check(wrong, user is null || config.Members("Labels").Count(label => IsReserved(label.Name)) == 1, "reserved labels " + config.Raw("Labels"));
        foreach (var label in user is null ? [] : config.Members("Labels").Select(label => label.Name).Where(name => Obeyed.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))))
        {
            Check(wrong, role.List("labels", "").Any(pattern => label.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal)), "obeyed label " + label);
        }

        Check(wrong, user is null || config.Empty("OnBuild"), "OnBuild");
        Check(wrong, user is null || world.IsGrantedImage(config.Text("Image"), role, user), "image " + config.Text("Image"));
        if (role.Text("user") == "non-root")
        {
            var ids = config.Text("User").Split(':');
            Check(wrong, ids.Length <= 2 && ids.All(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0), "user " + config.Text("User"));
        }
    }

    private void Confinement(List<string> wrong, JsonElement config, JsonElement host, FuzzRole role, string? owner)
    {
        var user = owner ?? "";
        var plain = world.Plain.GetProperty("HostConfig");
        Check(wrong, !host.True("Privileged"), "Privileged");
        Check(wrong, host.Texts("CapAdd").All(capability => role.List("capabilities", user).Contains(capability.Replace("CAP_", "", StringComparison.Ordinal))), "CapAdd " + host.Raw("CapAdd"));
        foreach (var name in NeverSet)
        {
            Check(wrong, host.Empty(name), $"{name} {host.Raw(name)}");
        }

        Check(wrong, host.Text("Isolation") is "" or "default", "Isolation " + host.Text("Isolation"));
        foreach (var name in (string[])["MaskedPaths", "ReadonlyPaths"])
        {
            Check(wrong, host.Raw(name) == plain.Raw(name), $"{name} {host.Raw(name)}");
        }

        var namespaces = role.List("host-namespaces", user);
        Check(wrong, host.Text("UTSMode") == "" || (host.Text("UTSMode") == "host" && namespaces.Contains("uts")), "UTSMode " + host.Text("UTSMode"));
        Check(wrong, host.Text("UsernsMode") == "" || (host.Text("UsernsMode") == "host" && namespaces.Contains("user")), "UsernsMode " + host.Text("UsernsMode"));

        // No request says it for the steps of a build.
        Check(wrong, owner is null || host.Text("CgroupnsMode") is "private" || host.Raw("CgroupnsMode") == plain.Raw("CgroupnsMode"), "CgroupnsMode " + host.Text("CgroupnsMode"));
        Check(wrong, host.Raw("Runtime") == plain.Raw("Runtime") || role.List("runtimes", user).Contains(host.Text("Runtime")), "Runtime " + host.Text("Runtime"));
        Check(wrong, host.Members("Sysctls").All(sysctl => role.List("sysctls", user).Contains(sysctl.Name)), "Sysctls " + host.Raw("Sysctls"));
        Check(wrong, host.Texts("SecurityOpt").All(option => option is "no-new-privileges" or "no-new-privileges=true" or "no-new-privileges:true" || role.List("security-options", user).Contains(option.Replace("label:", "label=", StringComparison.Ordinal))), "SecurityOpt " + host.Raw("SecurityOpt"));
        Check(wrong, role.Text("user") != "non-root" || (host.Texts("SecurityOpt").Any(option => option.StartsWith("no-new-privileges", StringComparison.Ordinal)) && host.Empty("GroupAdd")), "a non-root role's " + host.Raw("SecurityOpt") + host.Raw("GroupAdd"));
        Check(wrong, host.Members("Tmpfs").All(t => !t.Value.GetString()!.Split(',').Any(word => word is "exec" or "suid" or "dev") && !t.Name.StartsWith("/proc", StringComparison.Ordinal) && !t.Name.StartsWith("/sys", StringComparison.Ordinal)), "Tmpfs " + host.Raw("Tmpfs"));

        // An engine gives the steps of a build the image's interval, and no test.
        var health = config.Member("Healthcheck");
        var interval = health.Texts("Test").Contains("NONE") ? 0 : health.Number("Interval");
        Check(wrong, interval is 0 or >= 1_000_000_000, "health check each " + interval);
    }

    private static void Limits(List<string> wrong, JsonElement host, FuzzRole role, string? user)
    {
        var memory = role.Member("memory", "max") is { } most ? FuzzRole.Size(most) : OrdinaryMemory;
        var cpus = role.Member("cpus", "max") is { } cores ? FuzzRole.Size(cores) : OrdinaryCpus;
        var pids = role.Member("pids", "max") is { } processes ? FuzzRole.Size(processes) : OrdinaryPids;
        var shm = role.Text("shm-size") is { } shared ? FuzzRole.Size(shared) : OrdinaryShm;
        Check(wrong, host.Number("Memory") > 0 && host.Number("Memory") <= memory && host.Number("MemorySwap") >= 0 && host.Number("MemorySwap") <= 2 * memory, $"Memory {host.Raw("Memory")} MemorySwap {host.Raw("MemorySwap")}");
        Check(wrong, Cpus(host) > 0 && Cpus(host) <= cpus, $"CPUs {Cpus(host)}");

        // The steps of a build have no limit on processes (SECURITY.md).
        Check(wrong, user is null || (host.Number("PidsLimit") > 0 && host.Number("PidsLimit") <= pids), $"PidsLimit {host.Raw("PidsLimit")}");
        Check(wrong, !host.True("OomKillDisable") && host.Number("OomScoreAdj") >= 0 && host.Number("CpuRealtimeRuntime") == 0 && host.Number("BlkioWeight") == 0 && host.Number("KernelMemory") == 0, "OOM, realtime, block or kernel limits");
        Check(wrong, host.Number("ShmSize") >= 0 && host.Number("ShmSize") <= Math.Max(shm, 64 << 20), $"ShmSize {host.Raw("ShmSize")}");
        foreach (var limit in host.Items("Ulimits"))
        {
            var bound = role.Member("ulimits", limit.Text("Name")) is { } granted ? FuzzRole.Size(granted) : limit.Text("Name") == "memlock" ? memory : OrdinaryCount;
            var allowed = bound < 0 || (limit.Number("Hard") >= 0 && limit.Number("Hard") <= bound && limit.Number("Soft") >= 0 && limit.Number("Soft") <= bound);
            Check(wrong, allowed && (limit.Text("Name") is not ("nice" or "rtprio" or "rttime") || limit.Number("Hard") == 0), "ulimit " + limit);
        }

        var log = host.GetProperty("LogConfig");
        var driver = role.Entries("log-drivers", user ?? "", "driver").FirstOrDefault(entry => entry["driver"] == log.Text("Type"));
        Check(wrong, driver is not null || log.Text("Type") is "json-file" or "local" or "none", "LogConfig " + log);
        Check(wrong, log.Members("Config").All(option => option.Name is "max-size" or "max-file" or "compress" or "labels" or "env" or "mode" or "max-buffer-size" or "tag" || (driver is not null && option.Name == "fluentd-address" && option.Value.GetString() == "127.0.0.1:24224")), "LogConfig " + log);
        Check(wrong, !host.True("PublishAllPorts") && PortsAreGranted(host, role), "ports " + host.Raw("PortBindings"));
    }

    private static void Devices(List<string> wrong, JsonElement host, FuzzRole role, string user)
    {
        foreach (var device in host.Items("Devices"))
        {
            var granted = role.Entries("devices", user, "path").FirstOrDefault(entry => entry["path"] == device.Text("PathOnHost"));
            Check(wrong, granted is not null && device.Text("CgroupPermissions").All((granted.GetValueOrDefault("permissions") ?? "rwm").Contains), "device " + device);
        }

        Check(wrong, host.Empty("DeviceRequests"), "DeviceRequests " + host.Raw("DeviceRequests"));
    }

    private async Task JoinedAsync(List<string> wrong, JsonElement container, FuzzRole role, string user)
    {
        var host = container.GetProperty("HostConfig");
        Check(wrong, host.Text("PidMode") is "" or "private" || await IsOwnContainerAsync(host.Text("PidMode"), user), "PidMode " + host.Text("PidMode"));
        Check(wrong, host.Text("IpcMode") is "" or "private" or "shareable" or "none" || await IsOwnContainerAsync(host.Text("IpcMode"), user), "IpcMode " + host.Text("IpcMode"));
        var mode = host.Text("NetworkMode");
        Check(wrong, mode != "host" && (!mode.StartsWith("container:", StringComparison.Ordinal) || await IsOwnContainerAsync(mode, user)), "NetworkMode " + mode);
        foreach (var from in host.Texts("VolumesFrom").Concat(host.Texts("Links").Select(link => link.TrimStart('/'))))
        {
            Check(wrong, await IsOwnContainerAsync("container:" + from.Split(':')[0], user), "joined container " + from);
        }

        foreach (var network in container.GetProperty("NetworkSettings").Members("Networks"))
        {
            var found = await engine.GetAsync("/networks/" + Uri.EscapeDataString(network.Value.Text("NetworkID") is { Length: > 0 } id ? id : network.Name));
            var name = found.Text("Name");
            Check(wrong, found.ValueKind != JsonValueKind.Object || IsGrantedNetwork(name, found.Owner(), role, user), $"network {network.Name} of {found.Owner()}");
        }
    }

    /// <summary>Whether a role's user may join a network; a build's steps may join those of both users.</summary>
    public static bool IsGrantedNetwork(string name, string? owner, FuzzRole role, string user) =>
        owner is null ? role.List("networks", user).Contains(name) : owner == user || (user.Length == 0 && role.Users.Contains(owner));

    private async Task<bool> IsGrantedAsync(JsonElement mount, JsonElement host, FuzzRole role, string user)
    {
        var name = mount.Text("Name");
        switch (mount.Text("Type"))
        {
            case "tmpfs":
                return true;
            case "image":
                return !mount.True("RW") && world.IsGrantedImage(name.Length > 0 ? name : mount.Text("Source"), role, user);
            case "bind":
                return role.Entries("binds", user, "source").Any(bind => bind["source"] == mount.Text("Source") && (bind["access"] == "rw" || !mount.True("RW"))) && mount.Text("Propagation") is "" or "rprivate" or "private";
            case "volume":
                var volume = await engine.GetAsync("/volumes/" + name);
                return volume.ValueKind != JsonValueKind.Object || (volume.Empty("Options") ? (volume.Owner() ?? "") == user : IsGrantedFolder(volume, mount, host, role, user));
            default:
                return false;
        }
    }

    /// <summary>A volume that stands for a folder of the host: exactly a granted one, and a path that does not lead out of it.</summary>
    private static bool IsGrantedFolder(JsonElement volume, JsonElement mount, JsonElement host, FuzzRole role, string user)
    {
        var options = volume.GetProperty("Options");
        var asked = host.Items("Mounts").Where(one => one.Text("Source") == volume.Text("Name") && one.Text("Target") == mount.Text("Destination")).ToList();
        return volume.Owner() is null && volume.Text("Name").StartsWith("gateway-folder.", StringComparison.Ordinal)
            && role.Entries("binds", user, "source").Any(bind => bind["source"] == options.Text("device") && bind.GetValueOrDefault("inside") == "true" && (bind["access"] == "rw" || !mount.True("RW")))
            && asked.All(one => one.Member("VolumeOptions").Text("Subpath") is var below && below.Length > 0 && !below.StartsWith('/') && !below.Split('/').Contains(".."));
    }

    /// <summary>Whether the mode joins a container of that user's, or one that is gone.</summary>
    private async Task<bool> IsOwnContainerAsync(string mode, string user)
    {
        if (!mode.StartsWith("container:", StringComparison.Ordinal))
        {
            return false;
        }

        var joined = await engine.GetAsync($"/containers/{Uri.EscapeDataString(mode[10..])}/json");
        return joined.ValueKind != JsonValueKind.Object || joined.GetProperty("Config").Owner() == user;
    }

    private static bool PortsAreGranted(JsonElement host, FuzzRole role) => host.Members("PortBindings").All(port => port.Value.ValueKind != JsonValueKind.Array || port.Value.EnumerateArray().All(binding =>
        role.Members("publish", "addresses").Any(address => IPAddress.TryParse(binding.Text("HostIp"), out var asked) && asked.Equals(IPAddress.Parse(address)))
        && role.Members("publish", "ports").Select(Range).Any(granted => Range(binding.Text("HostPort")) is var asked && asked.First >= granted.First && asked.Last <= granted.Last)));

    private static (int First, int Last) Range(string text)
    {
        var ends = text.Split('-').Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
        return (ends[0], ends[^1]);
    }

    private static double Cpus(JsonElement host) => host.Number("NanoCpus") > 0 ? host.Number("NanoCpus") / 1e9
        : host.Number("CpuQuota") > 0 ? (double)host.Number("CpuQuota") / (host.Number("CpuPeriod") is > 0 and var period ? period : 100_000)
        : 0;

    private static bool IsReserved(string label) => label.Trim().Replace('ſ', 's').Replace('\u212A', 'k').StartsWith("gateway", StringComparison.OrdinalIgnoreCase);

    private static void Check(List<string> wrong, bool right, string what)
    {
        if (!right)
        {
            wrong.Add(what);
        }
    }
}
