namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>The body of SecretCreate and SecretUpdate: moby <c>api/types/swarm.SecretSpec</c>. Its data is never logged.</summary>
internal sealed class SecretSpec
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public byte[]? Data { get; set; }

    public SwarmDriver? Driver { get; set; }

    public SwarmDriver? Templating { get; set; }
}

/// <summary>The body of ConfigCreate and ConfigUpdate: moby <c>api/types/swarm.ConfigSpec</c>.</summary>
internal sealed class ConfigSpec
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public byte[]? Data { get; set; }

    public SwarmDriver? Templating { get; set; }
}

/// <summary>The body of NodeUpdate: moby <c>api/types/swarm.NodeSpec</c>.</summary>
internal sealed class NodeSpec
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public string? Role { get; set; }

    public string? Availability { get; set; }
}
