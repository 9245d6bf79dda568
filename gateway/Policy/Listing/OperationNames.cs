using Gateway.EngineApi;

namespace Gateway.Policy.Listing;

/// <summary>A set of operations in few words: <c>*</c>, or <c>Container*</c> where it holds all that begin so.</summary>
internal static class OperationNames
{
    private static readonly string[] Resources =
        ["Container", "Exec", "Image", "Build", "Distribution", "System", "Network", "Volume", "Plugin", "Swarm", "Service", "Task", "Node", "Secret", "Config", "Debug"];

    public static string Short(IReadOnlySet<EngineOperation> operations)
    {
        if (operations.Count == OperationCatalogue.All.Count)
        {
            return "*";
        }

        var words = new List<string>();
        var rest = operations.ToHashSet();
        foreach (var resource in Resources)
        {
            var all = OperationCatalogue.All.Where(operation => operation.Name.StartsWith(resource, StringComparison.Ordinal)).ToList();
            if (all.Count > 1 && all.TrueForAll(rest.Contains))
            {
                words.Add(resource + "*");
                rest.ExceptWith(all);
            }
        }

        return string.Join(", ", words.Concat(rest.Select(operation => operation.Name).Order(StringComparer.Ordinal)));
    }
}
