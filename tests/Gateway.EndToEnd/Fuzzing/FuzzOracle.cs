using System.Text.Json;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// What no object of a developer may be, judged on what the engine says it is: whatever way a request was written, this is what
/// became of it. Written from the threats, not from the gateway's checks.
/// </summary>
internal sealed class FuzzOracle(EngineProbe engine, FuzzWorld world)
{
    private const long MaxMemory = 2L << 30;

    /// <summary>What is wrong with what came into being, a line each.</summary>
    public async Task<List<string>> JudgeAsync()
    {
        List<string> wrong = [];
        var containers = (await engine.GetAsync("/containers/json?all=1")).EnumerateArray().Select(FuzzWorld.Id).ToList();
        foreach (var id in containers)
        {
            // Stopped, it may have been removed meanwhile.
            if (await engine.GetAsync($"/containers/{id}/json") is { ValueKind: JsonValueKind.Object } container && IsToJudge(container))
            {
                wrong.AddRange((await ProblemsAsync(container)).Select(problem => $"container {container.GetProperty("Name").GetString()}: {problem}"));
            }
        }

        foreach (var volume in (await engine.GetAsync("/volumes")).GetProperty("Volumes").EnumerateArray().Where(volume => !world.Known.Contains(Text(volume, "Name"))))
        {
            Check(wrong, Text(volume, "Driver") == "local" && Empty(volume, "Options") && Owner(volume) == FuzzWorld.Attacker, $"volume {volume.GetRawText()}");
        }

        foreach (var network in (await engine.GetAsync("/networks")).EnumerateArray().Where(network => !world.Known.Contains(FuzzWorld.Id(network))))
        {
            var options = network.GetProperty("Options").EnumerateObject().All(o => o.Name is "com.docker.network.driver.mtu" or "com.docker.network.bridge.enable_icc" or "com.docker.network.enable_ipv4" or "com.docker.network.enable_ipv6");
            Check(wrong, Text(network, "Driver") == "bridge" && options && Owner(network) == FuzzWorld.Attacker && !True(network, "Ingress") && !True(network, "ConfigOnly") && !True(network, "Attachable"), $"network {network.GetRawText()}");
        }

        var info = await engine.GetAsync("/info");
        Check(wrong, Text(info.GetProperty("Swarm"), "LocalNodeState") == "inactive", "the engine is in a swarm");
        if (await world.ChangeAsync() is { } change)
        {
            wrong.Add(change);
        }

        return wrong;
    }

    /// <summary>Whether an exec that was just made is harmless; null where it is.</summary>
    public async Task<string?> ExecProblemAsync(string id)
    {
        var exec = await engine.GetAsync($"/exec/{id}/json");
        if (exec.ValueKind != JsonValueKind.Object || !exec.TryGetProperty("ProcessConfig", out var process))
        {
            return null;
        }

        var container = await engine.GetAsync($"/containers/{Text(exec, "ContainerID")}/json");
        return True(process, "privileged") ? "a privileged exec"
            : container.ValueKind == JsonValueKind.Object && Owner(container.GetProperty("Config")) != FuzzWorld.Attacker ? "an exec in another's container"
            : null;
    }

    private bool IsToJudge(JsonElement container) =>
        !world.Known.Contains(FuzzWorld.Id(container)) || Owner(container.GetProperty("Config")) == FuzzWorld.Attacker;

    private async Task<List<string>> ProblemsAsync(JsonElement container)
    {
        List<string> wrong = [];
        var (config, host, plain) = (container.GetProperty("Config"), container.GetProperty("HostConfig"), world.Plain.GetProperty("HostConfig"));
        Check(wrong, Owner(config) == FuzzWorld.Attacker && Names(config, "Labels").Count(IsReserved) == 1, "owner " + config.GetProperty("Labels"));
        Check(wrong, Empty(config, "OnBuild"), "OnBuild");
        Check(wrong, !True(host, "Privileged"), "Privileged");
        Check(wrong, Empty(host, "CapAdd"), "CapAdd " + host.GetProperty("CapAdd"));
        foreach (var name in (string[])["Binds", "Devices", "DeviceCgroupRules", "DeviceRequests", "Sysctls", "Annotations", "StorageOpt", "ContainerIDFile", "Cgroup", "CgroupParent", "CpusetCpus", "CpusetMems", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps", "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps"])
        {
            Check(wrong, Empty(host, name), $"{name} {(host.TryGetProperty(name, out var value) ? value : default)}");
        }

        foreach (var name in (string[])["PidMode", "UTSMode", "UsernsMode", "CgroupnsMode", "Runtime", "Isolation", "MaskedPaths", "ReadonlyPaths"])
        {
            var joined = name == "PidMode" && await IsOwnContainerAsync(Text(host, name));
            Check(wrong, joined || Raw(host, name) == Raw(plain, name) || Text(host, name) == "private", $"{name} {Raw(host, name)}");
        }

        Check(wrong, Text(host, "IpcMode") is "" or "private" or "shareable" or "none" || await IsOwnContainerAsync(Text(host, "IpcMode")), "IpcMode " + Text(host, "IpcMode"));
        Check(wrong, Strings(host, "SecurityOpt").All(option => option is "no-new-privileges" or "no-new-privileges=true" or "no-new-privileges:true"), "SecurityOpt " + Raw(host, "SecurityOpt"));
        Check(wrong, Number(host, "Memory") is > 0 and <= MaxMemory && Number(host, "MemorySwap") is >= 0 and <= 2 * MaxMemory, $"Memory {Number(host, "Memory")} MemorySwap {Number(host, "MemorySwap")}");
        Check(wrong, Number(host, "PidsLimit") is > 0 and <= 1024, $"PidsLimit {Number(host, "PidsLimit")}");
        Check(wrong, Cpus(host) is > 0 and <= 2, $"CPUs {Cpus(host)}");
        Check(wrong, !True(host, "OomKillDisable") && Number(host, "OomScoreAdj") >= 0 && Number(host, "CpuRealtimeRuntime") == 0 && Number(host, "BlkioWeight") == 0 && Number(host, "KernelMemory") == 0, "OOM, realtime, block or kernel limits");
        Check(wrong, Number(host, "ShmSize") is >= 0 and <= 1L << 30, "ShmSize");
        Check(wrong, !host.TryGetProperty("Ulimits", out var ulimits) || ulimits.ValueKind != JsonValueKind.Array || ulimits.EnumerateArray().All(u => Number(u, "Hard") >= 0 && Number(u, "Soft") >= 0), "Ulimits");
        Check(wrong, Text(host.GetProperty("LogConfig"), "Type") is "json-file" or "local" or "none" && Names(host.GetProperty("LogConfig"), "Config").All(n => n is "max-size" or "max-file" or "compress" or "labels" or "env" or "mode" or "max-buffer-size"), "LogConfig " + host.GetProperty("LogConfig"));
        Check(wrong, !True(host, "PublishAllPorts") && PortsAreGranted(host), "ports " + Raw(host, "PortBindings"));
        Check(wrong, !host.TryGetProperty("Tmpfs", out var tmpfs) || tmpfs.ValueKind != JsonValueKind.Object || tmpfs.EnumerateObject().All(t => !t.Value.GetString()!.Split(',').Any(word => word is "exec" or "suid" or "dev") && !t.Name.StartsWith("/proc", StringComparison.Ordinal) && !t.Name.StartsWith("/sys", StringComparison.Ordinal)), "Tmpfs");
        foreach (var from in Strings(host, "VolumesFrom").Concat(Strings(host, "Links").Select(link => link.TrimStart('/'))))
        {
            Check(wrong, await IsOwnContainerAsync("container:" + from.Split(':')[0]), "joined container " + from);
        }

        foreach (var mount in container.GetProperty("Mounts").EnumerateArray())
        {
            var harmless = Text(mount, "Type") == "tmpfs"
                || (Text(mount, "Type") == "image" && !Text(mount, "Name").Contains("/bob/", StringComparison.Ordinal) && !True(mount, "RW"))
                || (Text(mount, "Type") == "volume" && await engine.GetAsync("/volumes/" + Text(mount, "Name")) is var volume && (volume.ValueKind != JsonValueKind.Object || (Owner(volume) == FuzzWorld.Attacker && Empty(volume, "Options"))));
            Check(wrong, harmless, "mount " + mount);
        }

        foreach (var network in container.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject())
        {
            var found = await engine.GetAsync("/networks/" + Uri.EscapeDataString(network.Name));
            Check(wrong, network.Name is "bridge" or "none" || found.ValueKind != JsonValueKind.Object || Owner(found) == FuzzWorld.Attacker, "network " + network.Name);
        }

        var mode = Text(host, "NetworkMode");
        Check(wrong, mode != "host" && (!mode.StartsWith("container:", StringComparison.Ordinal) || await IsOwnContainerAsync(mode)), "NetworkMode " + mode);
        return wrong;
    }

    /// <summary>Whether the mode joins a container of alice's, or one that is gone.</summary>
    private async Task<bool> IsOwnContainerAsync(string mode)
    {
        if (!mode.StartsWith("container:", StringComparison.Ordinal))
        {
            return false;
        }

        var joined = await engine.GetAsync($"/containers/{Uri.EscapeDataString(mode[10..])}/json");
        return joined.ValueKind != JsonValueKind.Object || Owner(joined.GetProperty("Config")) == FuzzWorld.Attacker;
    }

    private static bool PortsAreGranted(JsonElement host) =>
        !host.TryGetProperty("PortBindings", out var bindings) || bindings.ValueKind != JsonValueKind.Object || bindings.EnumerateObject().All(port => port.Value.ValueKind != JsonValueKind.Array || port.Value.EnumerateArray().All(binding =>
            Text(binding, "HostIp") == "127.0.0.1" && Text(binding, "HostPort").Split('-').All(number => int.TryParse(number, out var n) && n is >= 20000 and <= 29999)));

    private static double Cpus(JsonElement host) => Number(host, "NanoCpus") > 0 ? Number(host, "NanoCpus") / 1e9
        : Number(host, "CpuQuota") > 0 ? (double)Number(host, "CpuQuota") / (Number(host, "CpuPeriod") is > 0 and var period ? period : 100_000)
        : 0;

    private static bool IsReserved(string label) => label.Trim().Replace('ſ', 's').Replace('\u212A', 'k').StartsWith("gateway", StringComparison.OrdinalIgnoreCase);

    private static string? Owner(JsonElement holder) =>
        holder.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty("gateway.owner", out var owner) ? owner.GetString() : null;

    private static void Check(List<string> wrong, bool right, string what)
    {
        if (!right)
        {
            wrong.Add(what);
        }
    }

    private static bool True(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Raw(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetRawText() : "";

    private static long Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static IEnumerable<string> Names(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(member => member.Name) : [];

    private static IEnumerable<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.GetString()!) : [];

    private static bool Empty(JsonElement element, string name) => !element.TryGetProperty(name, out var value) || value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Null => true,
        _ => false,
    };
}
