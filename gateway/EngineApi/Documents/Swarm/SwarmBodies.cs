namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>The body of SwarmInit: moby <c>api/types/swarm.InitRequest</c>.</summary>
internal sealed class SwarmInitBody
{
    public string? ListenAddr { get; set; }

    public string? AdvertiseAddr { get; set; }

    public string? DataPathAddr { get; set; }

    public uint? DataPathPort { get; set; }

    public bool? ForceNewCluster { get; set; }

    public SwarmSpec? Spec { get; set; }

    public bool? AutoLockManagers { get; set; }

    public string? Availability { get; set; }

    public List<string>? DefaultAddrPool { get; set; }

    public uint? SubnetSize { get; set; }
}

/// <summary>The body of SwarmJoin: moby <c>api/types/swarm.JoinRequest</c>. The token is a secret.</summary>
internal sealed class SwarmJoinBody
{
    public string? ListenAddr { get; set; }

    public string? AdvertiseAddr { get; set; }

    public string? DataPathAddr { get; set; }

    public List<string>? RemoteAddrs { get; set; }

    public string? JoinToken { get; set; }

    public string? Availability { get; set; }
}

/// <summary>The body of SwarmUnlock. The key is a secret.</summary>
internal sealed class SwarmUnlockBody
{
    public string? UnlockKey { get; set; }
}

/// <summary>A swarm driver by its name: of logs, secrets, networks or templates (moby <c>api/types/swarm.Driver</c>).</summary>
internal sealed class SwarmDriver
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Options { get; set; }
}
