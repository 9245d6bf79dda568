using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Devices, runtimes, kernel settings, log drivers and what else has no harmless value but its zero (I27, I33).</summary>
internal static class HostReachCheck
{
    private static readonly string[] LogDrivers = ["", "json-file", "local", "none"];
    private static readonly string[] LogOptions = ["max-size", "max-file", "compress", "labels", "env"];
    private static readonly string[] RestartPolicies = ["", "no", "on-failure", "always", "unless-stopped"];

    public static void Check(HostConfig host, CheckContext context)
    {
        if (context.Unlimited)
        {
            return;
        }

        CheckResources(host, "HostConfig.", context);
        CheckRestart(host.RestartPolicy, context);
        Never(host.ContainerIDFile is { Length: > 0 }, "HostConfig.ContainerIDFile", context);
        Never(host.Annotations is { Count: > 0 }, "HostConfig.Annotations", context);
        Never(host.StorageOpt is { Count: > 0 }, "HostConfig.StorageOpt", context);
        Never(host.VolumeDriver is not (null or "" or "local"), "HostConfig.VolumeDriver", context);
        Never(host.Isolation is not (null or "" or "default"), "HostConfig.Isolation", context);
        Never(host.PublishAllPorts == true, "HostConfig.PublishAllPorts", context);
        Never(host.OomScoreAdj is < 0 or > 1000, "HostConfig.OomScoreAdj", context);
        Never(host.ConsoleSize?.Exists(n => n is < 0 or > 65535) == true, "HostConfig.ConsoleSize", context);
        Never(host.GroupAdd is { Count: > 0 } && (context.Grants.NonRoot || host.GroupAdd.Exists(g => !uint.TryParse(g, out var gid) || gid > int.MaxValue)), "HostConfig.GroupAdd", context);
        if (host.Runtime is { Length: > 0 } runtime && !context.Grants.Runtimes.Contains(runtime))
        {
            context.Refuse("HostConfig.Runtime", $"no grant for runtime \"{runtime}\"");
        }

        foreach (var name in host.Sysctls?.Keys.ToList() ?? [])
        {
            if (!context.Grants.Sysctls.Contains(name) || host.NetworkMode == "host" || host.IpcMode == "host")
            {
                context.Refuse("HostConfig.Sysctls", $"no grant for sysctl \"{name}\"");
            }
        }

        if (host.LogConfig is { } log
            && (!LogDrivers.Contains(log.Type ?? "") || log.Config?.Keys.Any(key => !LogOptions.Contains(key)) == true))
        {
            context.Refuse("HostConfig.LogConfig", $"log driver \"{log.Type}\" or one of its options is not granted; json-file, local and none are");
        }
    }

    public static void CheckResources(ContainerResources resources, string prefix, CheckContext context)
    {
        Never(resources.CgroupParent is { Length: > 0 }, prefix + "CgroupParent", context);
        Never(resources.DeviceCgroupRules is { Count: > 0 }, prefix + "DeviceCgroupRules", context);
        Never(resources.BlkioWeight is not (null or 0), prefix + "BlkioWeight", context);
        Never(resources.BlkioWeightDevice is { Count: > 0 }, prefix + "BlkioWeightDevice", context);
        Never(resources.BlkioDeviceReadBps is { Count: > 0 } || resources.BlkioDeviceWriteBps is { Count: > 0 }, prefix + "BlkioDeviceReadBps", context);
        Never(resources.BlkioDeviceReadIOps is { Count: > 0 } || resources.BlkioDeviceWriteIOps is { Count: > 0 }, prefix + "BlkioDeviceReadIOps", context);
        Never(resources.CpuRealtimePeriod is not (null or 0) || resources.CpuRealtimeRuntime is not (null or 0), prefix + "CpuRealtimePeriod", context);
        Never(resources.CpusetCpus is { Length: > 0 } || resources.CpusetMems is { Length: > 0 }, prefix + "CpusetCpus", context);
        Never(resources.KernelMemory is not (null or 0) || resources.KernelMemoryTCP is not (null or 0), prefix + "KernelMemory", context);
        Never(resources.OomKillDisable == true, prefix + "OomKillDisable", context);
        Never(resources.CpuCount is not (null or 0) || resources.CpuPercent is not (null or 0), prefix + "CpuCount", context);
        Never(resources.IOMaximumIOps is not (null or 0) || resources.IOMaximumBandwidth is not (null or 0), prefix + "IOMaximumIOps", context);
        foreach (var limit in resources.Ulimits ?? [])
        {
            Never(limit.Soft is null or < 0 || limit.Hard is null or < 0 || limit.Soft > limit.Hard || limit.Hard > 1_048_576, prefix + "Ulimits", context);
        }

        foreach (var device in resources.Devices ?? [])
        {
            var permissions = device.CgroupPermissions is { Length: > 0 } given ? given : "rwm";
            if (!context.Grants.Devices.Any(g => g.Path == device.PathOnHost && permissions.All(p => g.Permissions.Contains(p, StringComparison.Ordinal))))
            {
                context.Refuse(prefix + "Devices", $"no grant for device \"{device.PathOnHost}\"");
            }
            else if (BindCheck.DeviceProblem(device.PathOnHost!, context) is { } problem)
            {
                context.Refuse(prefix + "Devices", $"device \"{device.PathOnHost}\" cannot be passed on safely: {problem}");
            }
        }

        var gpus = 0;
        foreach (var request in resources.DeviceRequests ?? [])
        {
            var plain = request.Driver is null or "" or "nvidia" && request.DeviceIDs is null or { Count: 0 } && request.Options is null or { Count: 0 };
            gpus = plain && request.Count is >= 0 and < 1000 && gpus >= 0 ? gpus + (int)request.Count.Value : plain && request.Count == -1 ? -1 : int.MaxValue;
        }

        if (gpus != 0 && context.Grants.Gpus != -1 && (gpus < 0 || gpus > context.Grants.Gpus))
        {
            context.Refuse(prefix + "DeviceRequests", "no grant for these GPUs");
        }
    }

    public static void CheckRestart(RestartPolicy? policy, CheckContext context) => Never(
        policy is not null && (!RestartPolicies.Contains(policy.Name ?? "") || policy.MaximumRetryCount is < 0 or > 100), "HostConfig.RestartPolicy", context);

    private static void Never(bool found, string field, CheckContext context)
    {
        if (found)
        {
            context.Refuse(field, "this value is granted to no role that is not root-equivalent");
        }
    }
}
