using System.Globalization;

namespace Gateway.Policy.Listing;

/// <summary>The values of each grant that grants something, as texts close to a policy file's.</summary>
internal static class GrantValues
{
    private const decimal NanosPerCpu = 1_000_000_000;

    public static IEnumerable<(string Key, IReadOnlyList<string> Values)> Of(Grants grants) => All(grants).Where(grant => grant.Values.Count > 0);

    private static IEnumerable<(string Key, IReadOnlyList<string> Values)> All(Grants grants) =>
    [
        ("images", grants.Images),
        ("own-images", grants.OwnImages),
        ("binds", [.. grants.Binds.Select(bind => $"{bind.Source} {(bind.ReadWrite ? "rw" : "ro")}{(bind.Inside ? " inside" : "")}")]),
        ("networks", grants.Networks),
        ("publish", grants.Publish is null ? [] : [.. grants.Publish.Addresses.SelectMany(address => grants.Publish.Ports.Select(ports => $"{address}:{(ports.First == ports.Last ? $"{ports.First}" : $"{ports.First}-{ports.Last}")}"))]),
        ("capabilities", grants.Capabilities),
        ("devices", [.. grants.Devices.Select(device => $"{device.Path} {device.Permissions}")]),
        ("gpus", grants.Gpus == 0 ? [] : [grants.Gpus == -1 ? "all" : $"{grants.Gpus}"]),
        ("runtimes", grants.Runtimes),
        ("sysctls", grants.Sysctls),
        ("security-options", grants.SecurityOptions),
        ("host-namespaces", grants.HostNamespaces),
        ("privileged", grants.Privileged ? ["true"] : []),
        ("user", grants.NonRoot ? ["non-root"] : []),
        ("memory", [$"default {grants.Memory.Default}", $"max {grants.Memory.Max}"]),
        ("cpus", [$"default {Cpus(grants.Cpus.Default)}", $"max {Cpus(grants.Cpus.Max)}"]),
        ("shm-size", grants.ShmSize is { } shm ? [$"{shm}"] : []),
        ("ulimits", [.. grants.Ulimits.Select(limit => $"{limit.Key}={limit.Value}")]),
        ("log-drivers", [.. grants.LogDrivers.Select(driver => driver.Driver)]),
        ("registries", grants.Registries ?? []),
        ("labels", grants.Labels),
        ("subnets", [.. grants.Subnets.Select(subnet => subnet.ToString())]),
        ("pids", [$"default {grants.Pids.Default}", $"max {grants.Pids.Max}"]),
    ];

    private static string Cpus(long nanos) => (nanos / NanosPerCpu).ToString(CultureInfo.InvariantCulture);
}
