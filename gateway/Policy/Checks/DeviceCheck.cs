using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Devices (grant <c>devices</c>) by their exact path on the host and within the granted permissions; placed below /dev, where no
/// mount of the caller's can lie. Rules over whole classes of devices: no grant. An update adds none (I27).
/// </summary>
internal static class DeviceCheck
{
    private const string EveryPermission = "rwm";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "devices",
        "devices",
        ["HostConfig.Devices.PathOnHost", "HostConfig.Devices.PathInContainer", "HostConfig.Devices.CgroupPermissions", "HostConfig.DeviceCgroupRules"],
        (body, context) =>
        {
            NoRules(body.HostConfig!, "HostConfig.", context);
            body.HostConfig!.Devices = body.HostConfig.Devices?.Select(device => Checked(device, context)).ToList();
        });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new(
        "devices",
        null,
        ["Devices.PathOnHost", "Devices.PathInContainer", "Devices.CgroupPermissions", "DeviceCgroupRules"],
        (body, context) =>
        {
            NoRules(body, "", context);
            if (body.Devices is { Count: > 0 })
            {
                context.Never("Devices", body.Devices[0].PathOnHost, "a container gets its devices when it is made");
            }
        });

    /// <summary>Whether the grant holds the device with all of the permissions; a refusal where not.</summary>
    /// <param name="permissions">Of r, w and m.</param>
    public static bool CheckGranted(string path, string permissions, CheckContext context)
    {
        if (context.Grants.Devices.Any(g => g.Path == path && permissions.All(p => g.Permissions.Contains(p, StringComparison.Ordinal))))
        {
            return true;
        }

        context.NoGrant("HostConfig.Devices.PathOnHost", "device", $"{path}:{permissions}", context.Grants.Devices.Select(g => $"{g.Path}:{g.Permissions}"));
        return false;
    }

    private static void NoRules(ContainerResources resources, string prefix, CheckContext context)
    {
        if (resources.DeviceCgroupRules is { Count: > 0 } rules)
        {
            context.Never(prefix + "DeviceCgroupRules", rules[0], "a rule opens whole classes of devices");
        }
    }

    private static DeviceMapping Checked(DeviceMapping device, CheckContext context)
    {
        var path = device.PathOnHost ?? "";
        var permissions = device.CgroupPermissions is { Length: > 0 } given ? given : EveryPermission;
        if (permissions.Length > EveryPermission.Length || permissions.Any(p => !EveryPermission.Contains(p, StringComparison.Ordinal)))
        {
            context.Malformed("HostConfig.Devices.CgroupPermissions", $"\"{CheckContext.Shown(permissions)}\" is not of r, w and m");
        }

        if (CheckGranted(path, permissions, context) && BindCheck.DeviceProblem(path, context) is { } problem)
        {
            context.Refuse("HostConfig.Devices.PathOnHost", $"device \"{path}\" cannot be passed on safely: {problem}");
        }

        var inside = string.IsNullOrEmpty(device.PathInContainer) ? path : device.PathInContainer;
        if (!IsPlace(inside))
        {
            context.Refuse("HostConfig.Devices.PathInContainer", $"\"{CheckContext.Shown(inside)}\" is no place for a device; it goes below /dev");
        }

        return device with { PathInContainer = inside, CgroupPermissions = permissions };
    }

    // Below /dev/shm a bind may lie, and the runtime makes the node in whatever is mounted there.
    private static bool IsPlace(string path) =>
        MountTarget.Clean(path) is { } clean && clean == path && clean.StartsWith("/dev/", StringComparison.Ordinal)
        && clean[5..].Split('/')[0] is not ("shm" or "pts" or "mqueue" or "ptmx" or "console");
}
