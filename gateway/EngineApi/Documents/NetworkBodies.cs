namespace Gateway.EngineApi.Documents;

/// <summary>moby <c>api/types/network.EndpointSettings</c>; the engine's outputs are known so that zero values of them pass.</summary>
internal sealed record EndpointSettings
{
    public EndpointIpamConfig? IPAMConfig { get; init; }

    public List<string>? Links { get; init; }

    public List<string>? Aliases { get; init; }

    public List<string>? DNSNames { get; init; }

    public string? MacAddress { get; init; }

    public Dictionary<string, string>? DriverOpts { get; init; }

    public int? GwPriority { get; init; }

    public string? NetworkID { get; init; }

    public string? EndpointID { get; init; }

    public string? Gateway { get; init; }

    public string? IPAddress { get; init; }

    public int? IPPrefixLen { get; init; }

    public string? IPv6Gateway { get; init; }

    public string? GlobalIPv6Address { get; init; }

    public int? GlobalIPv6PrefixLen { get; init; }
}

internal sealed record EndpointIpamConfig(string? IPv4Address, string? IPv6Address, List<string>? LinkLocalIPs);

/// <summary>The body of NetworkCreate.</summary>
internal sealed class NetworkCreateBody
{
    public string? Name { get; set; }

    public bool? CheckDuplicate { get; set; }

    public string? Driver { get; set; }

    public string? Scope { get; set; }

    public bool? EnableIPv4 { get; set; }

    public bool? EnableIPv6 { get; set; }

    public NetworkIpam? IPAM { get; set; }

    public bool? Internal { get; set; }

    public bool? Attachable { get; set; }

    public bool? Ingress { get; set; }

    public bool? ConfigOnly { get; set; }

    public ConfigReference? ConfigFrom { get; set; }

    public Dictionary<string, string>? Options { get; set; }

    public Dictionary<string, string>? Labels { get; set; }
}

internal sealed record ConfigReference(string? Network);

internal sealed record NetworkIpam(string? Driver, Dictionary<string, string>? Options, List<IpamPool>? Config);

internal sealed record IpamPool(string? Subnet, string? IPRange, string? Gateway, Dictionary<string, string>? AuxiliaryAddresses);

/// <summary>The body of NetworkConnect.</summary>
internal sealed class NetworkConnectBody
{
    public string? Container { get; set; }

    public EndpointSettings? EndpointConfig { get; set; }
}

/// <summary>The body of NetworkDisconnect.</summary>
internal sealed class NetworkDisconnectBody
{
    public string? Container { get; set; }

    public bool? Force { get; set; }
}
