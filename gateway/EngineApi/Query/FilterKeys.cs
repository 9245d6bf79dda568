namespace Gateway.EngineApi.Query;

/// <summary>The keys that each list of the engine can be filtered by (moby's <c>accepted…Filters</c>); any other is 400 there, or ignored by events.</summary>
internal static class FilterKeys
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["ContainerList"] = "ancestor before exited expose health id is-task isolation label name network publish since status volume",
        ["ContainerPrune"] = "label label! until",
        ["ImageList"] = "before dangling label label! reference since until",
        ["ImagePrune"] = "dangling label label! until",
        ["ImageSearch"] = "is-automated is-official stars",
        ["BuildPrune"] = "description id inuse label label! parent private shared type until unused-for",
        ["SystemEvents"] = "config container daemon event image label network node plugin scope secret service type volume",
        ["NetworkList"] = "dangling driver id label name scope type",
        ["NetworkListSlash"] = "dangling driver id label name scope type",
        ["NetworkPrune"] = "label label! until",
        ["VolumeList"] = "dangling driver label name",
        ["VolumePrune"] = "all label label!",
        ["PluginList"] = "capability enabled",
        ["ServiceList"] = "id label mode name runtime",
        ["TaskList"] = "_up-to-date desired-state id label name node runtime service",
        ["NodeList"] = "id label membership name node.label role",
        ["SecretList"] = "id label name names",
        ["ConfigList"] = "id label name names",
    };

    /// <summary>In alphabetical order; none where the operation has no filters.</summary>
    public static IReadOnlyList<string> Of(EngineOperation operation) => Known.TryGetValue(operation.Name, out var keys) ? keys.Split(' ') : [];
}
