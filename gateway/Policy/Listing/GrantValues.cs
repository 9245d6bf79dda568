using System.Globalization;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Listing;

/// <summary>The values of each grant that grants something, as texts close to a policy file's.</summary>
internal static class GrantValues
{
    private const decimal NanosPerCpu = 1_000_000_000;

    public static IEnumerable<(string Key, IReadOnlyList<string> Values)> Of(Grants grants) => All(grants).Where(grant => grant.Values.Count > 0);

    /// <summary>A role's quota and rate, likewise.</summary>
    public static IEnumerable<(string Key, IReadOnlyList<string> Values)> BoundsOf(Role role)
    {
        (string Name, string? Value)[] quota =
        [
            ("containers", Text(role.Quota?.Containers)),
            ("memory", role.Quota?.Memory is { } memory ? Amounts.SizeText(memory) : null),
            ("cpus", role.Quota?.Cpus is { } cpus ? Cpus(cpus) : null),
            ("volumes", Text(role.Quota?.Volumes)),
            ("networks", Text(role.Quota?.Networks)),
            ("streams", Text(role.Quota?.Streams)),
        ];
        (string Key, IReadOnlyList<string> Values)[] bounds =
        [
            ("quota", [.. quota.Where(bound => bound.Value is not null).Select(bound => $"{bound.Name} {bound.Value}")]),
            ("rate", role.Rate is { } rate ? [$"{rate.Requests}/s", $"burst {rate.Burst}"] : []),
        ];
        return bounds.Where(bound => bound.Values.Count > 0);
    }

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(string Key, IReadOnlyList<string> Values)> All(Grants grants) =>
    [
        ("images", [.. ImagePattern.Written(grants.Images)]),
        ("own-images", [.. ImagePattern.Written(grants.OwnImages)]),
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
        ("memory", [$"default {Amounts.SizeText(grants.Memory.Default)}", $"max {Amounts.SizeText(grants.Memory.Max)}"]),
        ("cpus", [$"default {Cpus(grants.Cpus.Default)}", $"max {Cpus(grants.Cpus.Max)}"]),
        ("shm-size", grants.ShmSize is { } shm ? [Amounts.SizeText(shm)] : []),
        ("ulimits", [.. grants.Ulimits.Select(limit => $"{limit.Key}={(limit.Value < 0 ? "unlimited" : limit.Value)}")]),
        ("log-drivers", [.. grants.LogDrivers.Select(driver => driver.Driver)]),
        ("registries", grants.Registries ?? []),
        ("labels", grants.Labels),
        ("subnets", [.. grants.Subnets.Select(subnet => subnet.ToString())]),
        ("pids", [$"default {grants.Pids.Default}", $"max {grants.Pids.Max}"]),
    ];

    private static string Cpus(long nanos) => (nanos / NanosPerCpu).ToString(CultureInfo.InvariantCulture);
}
