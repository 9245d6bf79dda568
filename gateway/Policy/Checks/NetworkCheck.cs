using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>Networks that a container joins, by NetworkMode or endpoint: own or granted, forwarded by full id (threats §3.2, §4.2; I19, I36).</summary>
internal static class NetworkCheck
{
    private static readonly string[] BuiltIn = ["default", "bridge", "none", "host"];

    public static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        host.NetworkMode = Mode(host.NetworkMode, context);
        host.Links = host.Links?.Select(link => Link(link, context)).ToList();
        var endpoints = body.NetworkingConfig?.EndpointsConfig;
        if (endpoints is null)
        {
            return;
        }

        var written = new Dictionary<string, EndpointSettings?>(StringComparer.Ordinal);
        foreach (var (name, settings) in endpoints)
        {
            var id = Join(name, "NetworkingConfig.EndpointsConfig", context);
            if (id is null || !written.TryAdd(id, settings is null ? new EndpointSettings() : Endpoint(settings, name, id, context)))
            {
                context.Malformed("NetworkingConfig.EndpointsConfig", $"network \"{name}\" cannot be joined, or is named twice");
            }
        }

        body.NetworkingConfig!.EndpointsConfig = written;
    }

    /// <summary>What to forward for a network: its id, or the name of a built-in one; null after a refusal.</summary>
    public static string? Join(string name, string field, CheckContext context)
    {
        if (BuiltIn.Contains(name))
        {
            var granted = name switch
            {
                "host" => context.Grants.HostNamespaces.Contains("network"),
                "default" => context.Grants.Networks.Contains("bridge"),
                _ => context.Grants.Networks.Contains(name),
            };
            if (!granted && !context.Unlimited)
            {
                context.Refuse(field, $"no grant for network \"{name}\"");
                return null;
            }

            return name;
        }

        if (context.Find(ObjectKind.Network, name) is not { } network || !MayJoin(network, context))
        {
            context.NotFound(ObjectKind.Network, name);
            return null;
        }

        return network.Name is "bridge" or "none" or "host" ? Join(network.Name, field, context) : network.Id;
    }

    /// <summary>Own networks under <c>own</c>, an administrator's under their name, the built-in ones under theirs.</summary>
    public static bool MayJoin(EngineObject network, CheckContext context) =>
        context.AllObjects || context.Unlimited
        || (network.Owner == context.User ? context.Grants.Networks.Contains("own") : context.Grants.Networks.Contains(network.Name) && network.Name != "own")
        || (network.Name == "host" && context.Grants.HostNamespaces.Contains("network"));

    /// <summary>Names and addresses of one's own choice answer for others on a shared network: own networks only.</summary>
    public static EndpointSettings Endpoint(EndpointSettings settings, string name, string id, CheckContext context)
    {
        var own = context.Unlimited || (context.Find(ObjectKind.Network, name) is { } network && network.Owner == context.User);
        if (settings.NetworkID is { Length: > 0 } other && other != id && other != name)
        {
            context.Malformed("NetworkID", "an endpoint's NetworkID is not its network");
        }

        if (!own && (settings.Aliases is { Count: > 0 } || settings.DNSNames is { Count: > 0 } || settings.MacAddress is { Length: > 0 }
            || settings.IPAMConfig is { } ipam && (ipam.IPv4Address is { Length: > 0 } || ipam.IPv6Address is { Length: > 0 } || ipam.LinkLocalIPs is { Count: > 0 })))
        {
            context.Refuse("EndpointsConfig", $"aliases and addresses are granted on own networks only, and \"{name}\" is shared");
        }

        if (!context.Unlimited && settings.DriverOpts is { Count: > 0 })
        {
            context.Refuse("EndpointsConfig.DriverOpts", "driver options are never granted");
        }

        return new EndpointSettings
        {
            IPAMConfig = settings.IPAMConfig,
            Links = settings.Links?.Select(link => Link(link, context)).ToList(),
            Aliases = settings.Aliases,
            DNSNames = settings.DNSNames,
            MacAddress = settings.MacAddress,
            DriverOpts = settings.DriverOpts,
            GwPriority = settings.GwPriority,
        };
    }

    private static string? Mode(string? mode, CheckContext context)
    {
        if (mode?.StartsWith("container:", StringComparison.Ordinal) == true)
        {
            return context.OwnId(ObjectKind.Container, mode[10..]) is { } id ? "container:" + id : mode;
        }

        var name = string.IsNullOrEmpty(mode) ? "default" : mode;
        return Join(name, "HostConfig.NetworkMode", context) ?? name;
    }

    private static string Link(string link, CheckContext context)
    {
        var parts = link.Split(':');
        return parts.Length is 1 or 2 && context.OwnId(ObjectKind.Container, parts[0].TrimStart('/')) is { } id
            ? $"{id}:{parts[^1].TrimStart('/')}"
            : link;
    }
}
