using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// How a container stands on a network. Names and addresses of its own choice answer for others on a shared one: own networks
/// only. What only the engine says is empty; a driver's options, where sysctls hide, have no grant (threats §3.2).
/// </summary>
internal static class EndpointCheck
{
    private static readonly string[] Members =
    [
        "IPAMConfig.IPv4Address", "IPAMConfig.IPv6Address", "IPAMConfig.LinkLocalIPs", "Links", "Aliases", "DNSNames", "MacAddress", "DriverOpts", "NetworkID",
        "EndpointID", "Gateway", "IPAddress", "IPPrefixLen", "IPv6Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen",
    ];

    /// <summary>NetworkCheck runs it for each endpoint; this one looks at the address of the first network, which the config says.</summary>
    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "endpoints", "networks", [.. Members.Select(m => "NetworkingConfig.EndpointsConfig." + m), "MacAddress"], (body, context) =>
        {
            if (body.MacAddress is { Length: > 0 } mac && context.FindById(ObjectKind.Network, body.HostConfig!.NetworkMode ?? "")?.Owner != context.User)
            {
                context.NoGrant("MacAddress", "an address of one's own choice on a shared network:", mac, ["on own networks"]);
            }
        });

    public static Check<ContainerConfig> OfCommit { get; } = new("endpoints", null, ["MacAddress"], (body, context) =>
    {
        if (body.MacAddress is { Length: > 0 } mac)
        {
            context.Never("MacAddress", mac, "an image would bring it to networks that others share");
        }
    });

    public static Check<NetworkConnectBody> OfConnect { get; } = new(
        "endpoints", "networks", ["Container", .. Members.Select(m => "EndpointConfig." + m)], Connect)
    { ForEveryone = true };

    public static Check<NetworkDisconnectBody> OfDisconnect { get; } = new("container", null, ["Container"], (body, context) =>
        body.Container = context.OwnId(ObjectKind.Container, body.Container ?? ""))
    { ForEveryone = true };

    /// <summary>The endpoint to forward, written anew.</summary>
    /// <param name="name">The network as the caller wrote it.</param>
    /// <param name="id">The network's full id, or a built-in one's name.</param>
    public static EndpointSettings Checked(EndpointSettings settings, string name, string id, string field, CheckContext context)
    {
        if (settings.NetworkID is { Length: > 0 } other && other != id && other != name)
        {
            context.Malformed($"{field}.NetworkID", "an endpoint's NetworkID is not its network");
        }

        if (HasOutputs(settings))
        {
            context.Malformed(field, "what the engine says of an endpoint (EndpointID, Gateway, IPAddress and the like) is not to be sent; an address goes into IPAMConfig");
        }

        if (!context.Unlimited)
        {
            if (Chosen(settings) is { } chosen && context.Find(ObjectKind.Network, name)?.Owner != context.User)
            {
                context.NoGrant($"{field}.{chosen}", "names and addresses of one's own choice on shared network", name, ["on own networks"]);
            }

            if (settings.DriverOpts is { Count: > 0 } options)
            {
                context.Never($"{field}.DriverOpts", options.Keys.First(), "a network driver's options reach the host");
            }
        }

        return new EndpointSettings
        {
            IPAMConfig = settings.IPAMConfig,
            Links = settings.Links?.Select(link => LinkCheck.OnNetwork(link, $"{field}.Links", context)).ToList(),
            Aliases = settings.Aliases,
            DNSNames = settings.DNSNames,
            MacAddress = settings.MacAddress,
            DriverOpts = settings.DriverOpts,
            GwPriority = settings.GwPriority,
        };
    }

    private static void Connect(NetworkConnectBody body, CheckContext context)
    {
        body.Container = context.OwnId(ObjectKind.Container, body.Container ?? "");
        if (body.EndpointConfig is { } endpoint && context.Find(ObjectKind.Network, context.Request.Name!) is { } network)
        {
            body.EndpointConfig = Checked(endpoint, context.Request.Name!, network.Id, "EndpointConfig", context);
        }
    }

    private static string? Chosen(EndpointSettings s) => s switch
    {
        { Aliases.Count: > 0 } => "Aliases",
        { DNSNames.Count: > 0 } => "DNSNames",
        { MacAddress.Length: > 0 } => "MacAddress",
        { IPAMConfig.IPv4Address.Length: > 0 } or { IPAMConfig.IPv6Address.Length: > 0 } or { IPAMConfig.LinkLocalIPs.Count: > 0 } => "IPAMConfig",
        _ => null,
    };

    private static bool HasOutputs(EndpointSettings s) =>
        s is { EndpointID.Length: > 0 } or { Gateway.Length: > 0 } or { IPAddress.Length: > 0 } or { IPv6Gateway.Length: > 0 } or { GlobalIPv6Address.Length: > 0 }
        || s.IPPrefixLen is not (null or 0) || s.GlobalIPv6PrefixLen is not (null or 0);
}
