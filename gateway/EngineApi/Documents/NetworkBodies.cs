namespace Gateway.EngineApi.Documents;

/// <summary>moby <c>api/types/network.EndpointSettings</c>; the engine's outputs are known so that zero values of them pass.</summary>
internal sealed record EndpointSettings
{
    public EndpointIpamConfig? IPAMConfig { get; set; }

    public List<string>? Links { get; set; }

    public List<string>? Aliases { get; set; }

    public List<string>? DNSNames { get; set; }

    public string? MacAddress { get; set; }

    public Dictionary<string, string>? DriverOpts { get; set; }

    public long? GwPriority { get; set; }

    public string? NetworkID { get; set; }

    public string? EndpointID { get; set; }

    public string? Gateway { get; set; }

    public string? IPAddress { get; set; }

    public long? IPPrefixLen { get; set; }

    public string? IPv6Gateway { get; set; }

    public string? GlobalIPv6Address { get; set; }

    public long? GlobalIPv6PrefixLen { get; set; }
}

internal sealed record EndpointIpamConfig
{
    public string? IPv4Address { get; set; }

    public string? IPv6Address { get; set; }

    public List<string>? LinkLocalIPs { get; set; }
}

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

/// <summary>moby <c>api/types/network.ConfigReference</c>: the network whose configuration is taken.</summary>
internal sealed record ConfigReference
{
    public string? Network { get; set; }
}

internal sealed record NetworkIpam
{
    public string? Driver { get; set; }

    public Dictionary<string, string>? Options { get; set; }

    public List<IpamPool>? Config { get; set; }
}

internal sealed record IpamPool
{
    public string? Subnet { get; set; }

    public string? IPRange { get; set; }

    public string? Gateway { get; set; }

    public Dictionary<string, string>? AuxiliaryAddresses { get; set; }
}

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
