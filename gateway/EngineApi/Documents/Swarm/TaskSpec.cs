using System.Text.Json.Serialization;

namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>moby <c>api/types/swarm.TaskSpec</c>.</summary>
internal sealed class TaskSpec
{
    public ContainerSpec? ContainerSpec { get; set; }

    public PluginRuntimeSpec? PluginSpec { get; set; }

    public NetworkAttachmentSpec? NetworkAttachmentSpec { get; set; }

    public TaskResources? Resources { get; set; }

    public TaskRestartPolicy? RestartPolicy { get; set; }

    public TaskPlacement? Placement { get; set; }

    public List<NetworkAttachmentConfig>? Networks { get; set; }

    public SwarmDriver? LogDriver { get; set; }

    public ulong? ForceUpdate { get; set; }

    public string? Runtime { get; set; }
}

/// <summary>moby <c>api/types/swarm.RuntimeSpec</c>: a plugin as a service, which is root.</summary>
internal sealed class PluginRuntimeSpec
{
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("remote")]
    public string? Remote { get; set; }

    [JsonPropertyName("privileges")]
    public List<PluginRuntimePrivilege>? Privileges { get; set; }

    [JsonPropertyName("disabled")]
    public bool? Disabled { get; set; }

    [JsonPropertyName("env")]
    public List<string>? Env { get; set; }
}

internal sealed class PluginRuntimePrivilege
{
    [JsonPropertyName("name")]
    public string? Name { get; set; }

    [JsonPropertyName("description")]
    public string? Description { get; set; }

    [JsonPropertyName("value")]
    public List<string>? Value { get; set; }
}

internal sealed class NetworkAttachmentSpec
{
    public string? ContainerID { get; set; }
}

/// <summary>moby <c>api/types/swarm.NetworkAttachmentConfig</c>: a network by name or id.</summary>
internal sealed class NetworkAttachmentConfig
{
    public string? Target { get; set; }

    public List<string>? Aliases { get; set; }

    public Dictionary<string, string>? DriverOpts { get; set; }
}

/// <summary>Durations are nanoseconds.</summary>
internal sealed class TaskRestartPolicy
{
    public string? Condition { get; set; }

    public long? Delay { get; set; }

    public ulong? MaxAttempts { get; set; }

    public long? Window { get; set; }
}

internal sealed class TaskPlacement
{
    public List<string>? Constraints { get; set; }

    public List<PlacementPreference>? Preferences { get; set; }

    public ulong? MaxReplicas { get; set; }

    public List<TaskPlatform>? Platforms { get; set; }
}

internal sealed class PlacementPreference
{
    public SpreadOver? Spread { get; set; }
}

internal sealed class SpreadOver
{
    public string? SpreadDescriptor { get; set; }
}

internal sealed class TaskPlatform
{
    public string? Architecture { get; set; }

    public string? OS { get; set; }
}
