namespace Gateway.EngineApi.Documents;

/// <summary>One of the list that is the body of PluginPull and PluginUpgrade: moby <c>api/types/plugin.Privilege</c>.</summary>
internal sealed class PluginPrivilege
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public List<string>? Value { get; set; }
}
