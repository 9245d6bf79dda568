using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Policy.Checks;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Diff;

/// <summary>
/// Compares two roles' grants value by value: what the second grants beyond the first. Nothing missing means that whatever the
/// second allows, the first allows; that direction is never wrong. Texts hold no variable any more.
/// </summary>
internal static class GrantCover
{
    private const long NanosPerCpu = 1_000_000_000;
    private const long OneGiB = 1L << 30;

    public static IReadOnlyList<MissingGrant> Missing(Grants old, Grants now) =>
    [
        .. Images("images", [.. old.Images, .. old.OwnImages], now.Images, "Image"),
        .. Images("own-images", old.OwnImages, now.OwnImages, null),
        .. Registries(old, now),
        .. Binds(old, now),
        .. Setuid(old, now),
        .. List("networks", old.Networks, now.Networks, name => ("HostConfig.NetworkMode", name == "own" ? "any" : name)),
        .. Publish(old.Publish, now.Publish),
        .. List("capabilities", old.Capabilities, now.Capabilities, name => ("HostConfig.CapAdd", name)),
        .. Devices(old.Devices, now.Devices),
        .. Gpus(old.Gpus, now.Gpus),
        .. List("runtimes", old.Runtimes, now.Runtimes, name => ("HostConfig.Runtime", name)),
        .. List("sysctls", old.Sysctls, now.Sysctls, name => ("HostConfig.Sysctls", new JsonObject { [name] = "1" }.ToJsonString())),
        .. List("security-options", old.SecurityOptions, now.SecurityOptions, option => ("HostConfig.SecurityOpt", option)),
        .. List("host-namespaces", old.HostNamespaces, now.HostNamespaces, name => (NamespaceField(name), "host")),
        .. now.Privileged && !old.Privileged ? [new MissingGrant("privileged", "true", "HostConfig.Privileged", "true")] : Array.Empty<MissingGrant>(),
        .. old.NonRoot && !now.NonRoot ? [new MissingGrant("user", "any", "User", "0:0")] : Array.Empty<MissingGrant>(),
        .. Limits("memory", old.Memory, now.Memory, Amounts.SizeText, "HostConfig.Memory"),
        .. Limits("cpus", old.Cpus, now.Cpus, nanos => ((decimal)nanos / NanosPerCpu).ToString(CultureInfo.InvariantCulture), "HostConfig.NanoCpus"),
        .. ShmSize(old.ShmSize ?? OneGiB, now.ShmSize ?? OneGiB),
        .. Ulimits(old, now),
        .. now.LogDrivers.Where(driver => !old.LogDrivers.Any(other => Same(other, driver))).Select(driver => new MissingGrant("log-drivers", driver.Driver, "HostConfig.LogConfig", new JsonObject { ["Type"] = driver.Driver }.ToJsonString())),
        .. now.Labels.Where(prefix => !HoldsLabel(old.Labels, prefix)).Select(prefix => Label(prefix, prefix)),
        .. old.ReservedLabels.Except(now.ReservedLabels).Where(prefix => !HoldsLabel(old.Labels, prefix)).Select(prefix => Label(prefix, $"{prefix} is no longer reserved")),
        .. now.Subnets.Where(subnet => !old.Subnets.Any(other => other.PrefixLength <= subnet.PrefixLength && other.Contains(subnet.BaseAddress)))
            .Select(subnet => new MissingGrant("subnets", subnet.ToString(), "IPAM", new JsonObject { ["Config"] = new JsonArray(new JsonObject { ["Subnet"] = subnet.ToString() }) }.ToJsonString())),
        .. Limits("pids", old.Pids, now.Pids, pids => pids.ToString(CultureInfo.InvariantCulture), "HostConfig.PidsLimit"),
    ];

    private static IEnumerable<MissingGrant> List(string key, IReadOnlyList<string> old, IReadOnlyList<string> now, Func<string, (string Field, string Value)> witness) =>
        now.Except(old).Select(name => (name, shown: witness(name))).Select(x => new MissingGrant(key, x.name, x.shown.Field, x.shown.Value));

    private static IEnumerable<MissingGrant> Images(string key, IReadOnlyList<string> old, IReadOnlyList<string> now, string? field) =>
        now.Distinct().Where(pattern => GlobSet.Holds(old, pattern) != true)
            .Select(pattern => new MissingGrant(key, pattern, field, field is null ? null : GlobSet.MissingImage(old, pattern)));

    /// <summary>Those said, else those of the images' names: what RegistryCheck goes by.</summary>
    private static IEnumerable<MissingGrant> Registries(Grants old, Grants now)
    {
        var before = old.ContactedRegistries;
        return before.Contains("*") ? [] : now.ContactedRegistries.Except(before).Select(host => new MissingGrant("registries", host));
    }

    private static IEnumerable<MissingGrant> Binds(Grants old, Grants now) =>
        now.Binds.Where(bind => !old.Binds.Any(other => other.Source == bind.Source && (other.ReadWrite || !bind.ReadWrite) && (other.Inside || !bind.Inside)))
            .Select(bind => new MissingGrant(
                "binds", $"{{source: {bind.Source}, access: {(bind.ReadWrite ? "rw" : "ro")}{(bind.Inside ? ", inside: true" : "")}}}",
                "HostConfig.Binds", $"{bind.Source}{(bind.Inside ? "/inside" : "")}:/granted{(bind.ReadWrite ? "" : ":ro")}"));

    /// <summary>A read-write bind whose set-uid programs would work on the host counts only where that is accepted, or nothing runs as root.</summary>
    private static IEnumerable<MissingGrant> Setuid(Grants old, Grants now) =>
        now.Binds.Where(bind => bind.ReadWrite && (bind.SetuidAccepted || now.NonRoot)
                && old.Binds.Any(other => other.Source == bind.Source && other.ReadWrite) && !old.NonRoot
                && !old.Binds.Any(other => other.Source == bind.Source && other is { ReadWrite: true, SetuidAccepted: true }))
            .Select(bind => new MissingGrant("binds", $"{{source: {bind.Source}, access: rw}} {(bind.SetuidAccepted ? "with setuid: accepted" : "because nothing runs as root")}", ByItself: true));

    private static IEnumerable<MissingGrant> Publish(PublishGrant? old, PublishGrant? now)
    {
        foreach (var address in now?.Addresses ?? [])
        {
            foreach (var range in now!.Ports)
            {
                var missing = old?.Addresses.Contains(address) == true ? FirstMissing(range, old.Ports) : range.First;
                if (missing is { } port)
                {
                    var text = range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}";
                    yield return new MissingGrant("publish", $"{{addresses: [{address}], ports: {text}}}", "HostConfig.PortBindings", Binding(address, port));
                }
            }
        }
    }

    private static int? FirstMissing(PortRange range, IReadOnlyList<PortRange> old)
    {
        var port = range.First;
        while (port <= range.Last)
        {
            if (old.Where(other => other.Contains(port)).Select(other => (int?)other.Last).Max() is not { } last)
            {
                return port;
            }

            port = last + 1;
        }

        return null;
    }

    private static string Binding(string address, int port) => new JsonObject
    {
        ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = address, ["HostPort"] = port.ToString(CultureInfo.InvariantCulture) }),
    }.ToJsonString();

    private static IEnumerable<MissingGrant> Devices(IReadOnlyList<DeviceGrant> old, IReadOnlyList<DeviceGrant> now) =>
        now.Where(device => !old.Any(other => other.Path == device.Path && device.Permissions.All(p => other.Permissions.Contains(p, StringComparison.Ordinal))))
            .Select(device => new MissingGrant("devices", $"{{path: {device.Path}, permissions: {device.Permissions}}}", "HostConfig.Devices", new JsonArray(new JsonObject
            {
                ["PathOnHost"] = device.Path,
                ["PathInContainer"] = device.Path,
                ["CgroupPermissions"] = device.Permissions,
            }).ToJsonString()));

    private static IEnumerable<MissingGrant> Gpus(int old, int now)
    {
        const int All = -1;
        if (old != All && (now == All || now > old))
        {
            yield return new MissingGrant("gpus", now == All ? "all" : $"{now}", "HostConfig.DeviceRequests", $$"""[{"Driver":"","Count":{{now}},"Capabilities":[["gpu"]]}]""");
        }
    }

    private static IEnumerable<MissingGrant> Limits(string key, Limit old, Limit now, Func<long, string> text, string field)
    {
        if (now.Max > old.Max)
        {
            yield return new MissingGrant(key, $"{{max: {text(now.Max)}}} (was {text(old.Max)})", field, now.Max.ToString(CultureInfo.InvariantCulture));
        }

        if (now.Default > old.Default)
        {
            yield return new MissingGrant(key, $"{{default: {text(now.Default)}}} (was {text(old.Default)})", ByItself: true);
        }
    }

    private static IEnumerable<MissingGrant> ShmSize(long old, long now)
    {
        if (now > old)
        {
            yield return new MissingGrant("shm-size", $"{Amounts.SizeText(now)} (was {Amounts.SizeText(old)})", "HostConfig.ShmSize", now.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<MissingGrant> Ulimits(Grants old, Grants now)
    {
        const long Unlimited = -1;
        foreach (var name in UlimitCheck.Names)
        {
            var (before, after) = (UlimitCheck.Most(name, old), UlimitCheck.Most(name, now));
            if (before != Unlimited && (after == Unlimited || after > before))
            {
                yield return new MissingGrant("ulimits", $"{name}={(after == Unlimited ? "unlimited" : after)}", "HostConfig.Ulimits", new JsonArray(new JsonObject { ["Name"] = name, ["Soft"] = after, ["Hard"] = after }).ToJsonString());
            }
        }
    }

    private static bool Same(LogDriverGrant first, LogDriverGrant second) =>
        first.Driver == second.Driver && first.Options.Count == second.Options.Count && first.Options.All(option => second.Options.GetValueOrDefault(option.Key) == option.Value);

    // Labels are compared without case, as proxies read them.
    private static bool HoldsLabel(IReadOnlyList<string> patterns, string pattern) =>
        GlobSet.Holds([.. patterns.Select(p => p.ToLowerInvariant())], pattern.ToLowerInvariant()) == true;

    private static MissingGrant Label(string prefix, string text) =>
        new("labels", text, "Labels", new JsonObject { [prefix.Replace("*", "x", StringComparison.Ordinal)] = "1" }.ToJsonString());

    private static string NamespaceField(string name) => name switch
    {
        "network" => "HostConfig.NetworkMode",
        "pid" => "HostConfig.PidMode",
        "ipc" => "HostConfig.IpcMode",
        "uts" => "HostConfig.UTSMode",
        "user" => "HostConfig.UsernsMode",
        _ => "HostConfig.CgroupnsMode",
    };
}
