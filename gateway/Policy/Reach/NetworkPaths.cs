using System.Globalization;
using System.Net;

namespace Gateway.Policy.Reach;

/// <summary>Shared networks, ports of the host, and address ranges that the host's routes would lead into.</summary>
internal static class NetworkPaths
{
    private const int FirstUnprivileged = 1024;

    // Clients come to these for an engine, the gateway's own among them.
    private static readonly int[] EnginePorts = [2375, 2376, 2377];

    public static void Add(RoleReach role)
    {
        if (role.Has("NetworkCreate"))
        {
            Subnets(role);
        }

        if (!role.Creates)
        {
            return;
        }

        foreach (var network in role.Grants.Networks.Where(n => n is not ("own" or "none")))
        {
            role.Add(
                "shared-network", Extent.Others, $"grants.networks {network}", role.AtGrant("networks", network), $"network {network} is shared",
                "Containers on one network reach each other's ports, and NET_RAW of Docker's default set lets them answer for each other (ARP).", "grant own networks only, or run the engine with icc off", "containers of several users on it", Weight.Note);
        }

        Ports(role);
    }

    private static void Ports(RoleReach role)
    {
        if (role.Grants.Publish is not { } publish)
        {
            return;
        }

        var open = publish.Addresses.Where(address => IPAddress.TryParse(address, out var ip) && !IPAddress.IsLoopback(ip)).ToList();
        var engine = EnginePorts.Where(port => publish.Ports.Any(range => range.Contains(port))).ToList();
        var system = publish.Ports.Any(range => range.First < FirstUnprivileged) || engine.Count > 0;
        if (open.Count > 0 || system)
        {
            role.Add(
                "published-ports", Extent.Host, "grants.publish", role.AtGrant("publish"),
                $"publishes {string.Join(", ", publish.Ports.Select(Shown))} on {string.Join(", ", publish.Addresses)}",
                (system ? "Takes a port of a service of the host while that is down, and answers in its place" + (engine.Count > 0 ? $" (an engine's clients come to {string.Join(", ", engine.Select(Number))}). " : ". ") : "")
                + (open.Count > 0 ? "A published port is open past the host's own firewall rules." : ""),
                "grant 127.0.0.1 and ports over 1023 that no service uses", null, system ? Weight.Warning : Weight.Note);
        }
    }

    private static void Subnets(RoleReach role)
    {
        foreach (var subnet in role.Grants.Subnets)
        {
            role.Add(
                "subnet", Extent.Host, $"grants.subnets {subnet}", role.AtGrant("subnets", subnet.ToString()), $"own networks may take addresses of {subnet}",
                $"docker network create --subnet … : the host then routes these addresses to the network; a container on it answers for whatever had them before, name servers and package mirrors among them.",
                "grant a range that nothing else routes to", $"the host reaches something in {subnet}", IsPrivate(subnet) ? Weight.Note : Weight.Warning);
        }
    }

    private static bool IsPrivate(IPNetwork subnet) => ((string[])["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "100.64.0.0/10"])
        .Select(text => IPNetwork.Parse(text))
        .Any(known => known.BaseAddress.AddressFamily == subnet.BaseAddress.AddressFamily && known.PrefixLength <= subnet.PrefixLength && known.Contains(subnet.BaseAddress));

    private static string Shown(PortRange range) => range.First == range.Last ? Number(range.First) : $"{Number(range.First)}-{Number(range.Last)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
