using System.Globalization;
using System.Text.Json.Nodes;

namespace Gateway.Policy.Diff;

/// <summary>
/// Compares two roles' grants value by value: what the second grants beyond the first. Nothing missing means that whatever the
/// second allows, the first allows; that direction is never wrong. Texts hold no <c>${user}</c> any more.
/// </summary>
internal static class GrantCover
{
    private const long NanosPerCpu = 1_000_000_000;

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
        .. Limits("memory", old.Memory, now.Memory, Bytes, "HostConfig.Memory"),
        .. Limits("cpus", old.Cpus, now.Cpus, nanos => ((decimal)nanos / NanosPerCpu).ToString(CultureInfo.InvariantCulture), "HostConfig.NanoCpus"),
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
        var before = Registries(old);
        return before.Contains("*") ? [] : Registries(now).Except(before).Select(host => new MissingGrant("registries", host));
    }

    private static IReadOnlyList<string> Registries(Grants grants) =>
        [.. grants.Images.Concat(grants.OwnImages).Select(pattern => pattern.Split('/')[0]).Distinct()];

    private static IEnumerable<MissingGrant> Binds(Grants old, Grants now) =>
        now.Binds.Where(bind => !old.Binds.Any(other => other.Source == bind.Source && (other.ReadWrite || !bind.ReadWrite)))
            .Select(bind => new MissingGrant("binds", $"{{source: {bind.Source}, access: {(bind.ReadWrite ? "rw" : "ro")}}}", "HostConfig.Binds", $"{bind.Source}:/granted{(bind.ReadWrite ? "" : ":ro")}"));

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

    private static string NamespaceField(string name) => name switch
    {
        "network" => "HostConfig.NetworkMode",
        "pid" => "HostConfig.PidMode",
        "ipc" => "HostConfig.IpcMode",
        "uts" => "HostConfig.UTSMode",
        "user" => "HostConfig.UsernsMode",
        _ => "HostConfig.CgroupnsMode",
    };

    private static string Bytes(long bytes) =>
        bytes % (1 << 30) == 0 ? $"{bytes >> 30}g" : bytes % (1 << 20) == 0 ? $"{bytes >> 20}m" : bytes.ToString(CultureInfo.InvariantCulture);
}
