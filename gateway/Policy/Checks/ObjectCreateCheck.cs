using System.Net;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>The bodies of VolumeCreate and NetworkCreate: the local driver and the bridge driver, without what reaches the host (I26).</summary>
internal static class ObjectCreateCheck
{
    private static readonly string[] ReservedNetworks = ["bridge", "host", "none", "default", "ingress", "own"];
    private static readonly IPNetwork[] PrivateRanges = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16")];
    private static readonly string[] NetworkOptions = ["com.docker.network.driver.mtu", "com.docker.network.bridge.enable_icc"];

    public static void Check(VolumeCreateBody body, CheckContext context)
    {
        body.Labels = ProcessCheck.Owned(body.Labels, "Labels", context);
        CheckName(body.Name, allowEmpty: true, context);
        if (body.Name is { Length: > 0 } name && context.Find(ObjectKind.Volume, name) is { } found && !context.Owns(found))
        {
            context.Refuse("Name", $"the volume name \"{name}\" is already in use");
        }

        if (context.Unlimited)
        {
            return;
        }

        Refuse(body.Driver is not (null or "" or "local"), "Driver", "only the local volume driver is granted", context);
        Refuse(body.DriverOpts is { Count: > 0 }, "DriverOpts", "options of a volume driver reach the host and are never granted", context);
        Refuse(body.ClusterVolumeSpec is not null, "ClusterVolumeSpec", "cluster volumes are never granted", context);
    }

    public static void Check(NetworkCreateBody body, CheckContext context)
    {
        body.Labels = ProcessCheck.Owned(body.Labels, "Labels", context);

        // Without it an older engine gives two networks one name.
        body.CheckDuplicate = true;
        CheckName(body.Name, allowEmpty: false, context);
        if (context.Unlimited)
        {
            return;
        }

        Refuse(ReservedNetworks.Contains(body.Name), "Name", "a reserved network name", context);
        Refuse(body.Driver is not (null or "" or "bridge"), "Driver", "only the bridge network driver is granted", context);
        Refuse(body.Scope is not (null or "" or "local"), "Scope", "only local networks are granted", context);
        Refuse(body.Attachable == true || body.Ingress == true || body.ConfigOnly == true, "Attachable", "swarm networks are never granted", context);
        Refuse(body.ConfigFrom is { Network: { Length: > 0 } }, "ConfigFrom", "another network's configuration is never granted", context);
        Refuse(body.Options?.Keys.Any(key => !NetworkOptions.Contains(key)) == true, "Options", $"granted options are {string.Join(" and ", NetworkOptions)}", context);
        Refuse(body.IPAM?.Driver is not (null or "" or "default") || body.IPAM?.Options is { Count: > 0 }, "IPAM", "only the default address management is granted", context);
        Refuse(body.IPAM?.Config?.Exists(pool => !IsPrivate(pool.Subnet)) == true, "IPAM.Config", "a subnet is a private IPv4 range, or left to the engine", context);
    }

    public static void CheckName(string? name, bool allowEmpty, CheckContext context)
    {
        if (string.IsNullOrEmpty(name))
        {
            Refuse(!allowEmpty, "Name", "a name is missing", context);
        }
        else if (!ObjectName.IsValid(name) || (ObjectName.LooksLikeId(name) && !context.Unlimited))
        {
            context.Malformed("Name", $"\"{name}\" is not a name, or reads like an id; use letters, digits, \"_\", \".\" and \"-\"");
        }
    }

    private static bool IsPrivate(string? subnet)
    {
        if (string.IsNullOrEmpty(subnet))
        {
            return true;
        }

        return IPNetwork.TryParse(subnet, out var network) && network.PrefixLength >= 16
            && PrivateRanges.Any(range => range.Contains(network.BaseAddress));
    }

    private static void Refuse(bool found, string field, string message, CheckContext context)
    {
        if (found)
        {
            context.Refuse(field, message);
        }
    }
}
