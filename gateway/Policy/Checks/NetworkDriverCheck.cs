using System.Net;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// A network is a bridge of this host with an MTU and talk between its containers to choose; every other driver or option reaches the
/// host's interfaces (I26). Its subnet is the engine's to choose, or one within the grant <c>subnets</c>: a chosen one could take the
/// route to the host's own neighbours.
/// </summary>
internal static class NetworkDriverCheck
{
    private static readonly string[] Options = ["com.docker.network.driver.mtu", "com.docker.network.bridge.enable_icc"];

    public static Check<NetworkCreateBody> OfNetwork { get; } = new(
        "network-driver",
        null,
        ["Driver", "Scope", "Attachable", "Ingress", "ConfigOnly", "ConfigFrom.Network", "Options", "IPAM.Driver", "IPAM.Options"],
        (body, context) =>
        {
            Never(body.Driver is not (null or "" or "bridge"), "Driver", body.Driver, "other drivers reach the host's interfaces; bridge does not", context);
            Never(body.Scope is not (null or "" or "local"), "Scope", body.Scope, "a network is of this host alone", context);

            // Of swarm networks: a bridge is joined the same with and without it, so that docker compose may send it.
            body.Attachable = null;
            Never(body.Ingress == true, "Ingress", "true", "it is of swarm networks", context);
            Never(body.ConfigOnly == true, "ConfigOnly", "true", "it is of swarm networks", context);
            Never(body.ConfigFrom?.Network is { Length: > 0 }, "ConfigFrom.Network", body.ConfigFrom?.Network, "it takes another network's settings", context);
            Never(body.IPAM?.Driver is not (null or "" or "default"), "IPAM.Driver", body.IPAM?.Driver, "a plugin runs as root", context);
            Never(body.IPAM?.Options is { Count: > 0 }, "IPAM.Options", null, "they are a plugin's", context);
            foreach (var option in body.Options?.Keys.Where(key => !Options.Contains(key)) ?? [])
            {
                context.NoGrant("Options", "network option", option, Options);
            }
        });

    public static Check<NetworkCreateBody> OfSubnets { get; } = new(
        "subnets", "subnets", ["IPAM.Config.Subnet", "IPAM.Config.IPRange", "IPAM.Config.Gateway", "IPAM.Config.AuxiliaryAddresses"], (body, context) =>
        {
            foreach (var pool in body.IPAM?.Config ?? [])
            {
                if (string.IsNullOrEmpty(pool.Subnet))
                {
                    if (pool.IPRange is { Length: > 0 } || pool.Gateway is { Length: > 0 } || pool.AuxiliaryAddresses is { Count: > 0 })
                    {
                        context.Malformed("IPAM.Config.Subnet", "addresses without the subnet that they are of");
                    }
                }
                else if (!IPNetwork.TryParse(pool.Subnet, out var subnet))
                {
                    context.Malformed("IPAM.Config.Subnet", $"\"{CheckContext.Shown(pool.Subnet)}\" is not a subnet such as 10.20.0.0/24");
                }
                else if (!context.Grants.Subnets.Any(granted => granted.PrefixLength <= subnet.PrefixLength && granted.Contains(subnet.BaseAddress)))
                {
                    context.NoGrant("IPAM.Config.Subnet", "subnet", pool.Subnet, context.Grants.Subnets.Select(granted => granted.ToString()));
                }
                else
                {
                    CheckInside(pool, subnet, context);
                }
            }
        });

    private static void CheckInside(IpamPool pool, IPNetwork subnet, CheckContext context)
    {
        if (pool.IPRange is { Length: > 0 } && !(IPNetwork.TryParse(pool.IPRange, out var range) && range.PrefixLength >= subnet.PrefixLength && subnet.Contains(range.BaseAddress)))
        {
            context.Malformed("IPAM.Config.IPRange", $"\"{CheckContext.Shown(pool.IPRange)}\" does not lie in the subnet");
        }

        foreach (var address in (pool.AuxiliaryAddresses?.Values ?? Enumerable.Empty<string>()).Append(pool.Gateway ?? "").Where(a => a.Length > 0))
        {
            if (!IPAddress.TryParse(address, out var parsed) || !subnet.Contains(parsed))
            {
                context.Malformed("IPAM.Config.Gateway", $"\"{CheckContext.Shown(address)}\" does not lie in the subnet");
            }
        }
    }

    private static void Never(bool set, string field, string? value, string why, CheckContext context)
    {
        if (set)
        {
            context.Never(field, value, why);
        }
    }
}
