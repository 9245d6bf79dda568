using System.Diagnostics.CodeAnalysis;
using Gateway.EngineApi;

namespace Gateway.Policy.Files.Values;

/// <summary>An operation's name, <c>*</c> for all, or a resource's name and <c>*</c> for all that begin with it; expanded against the catalogue.</summary>
internal static class OperationPattern
{
    private static readonly string[] Resources =
    [
        "Container", "Exec", "Image", "Build", "Distribution", "System", "Network", "Volume", "Plugin", "Swarm", "Service",
        "Task", "Node", "Secret", "Config", "Debug",
    ];

    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<EngineOperation>? value, [NotNullWhen(false)] out string? problem)
    {
        var star = text.IndexOf('*', StringComparison.Ordinal);
        var resource = star < 0 ? null : text[..star];
        value = (star, resource) switch
        {
            ( < 0, _) => OperationCatalogue.Find(text) is { } operation ? [operation] : [],
            _ when star != text.Length - 1 => [],
            (0, _) => OperationCatalogue.All,
            _ when Resources.Contains(resource) => [.. OperationCatalogue.All.Where(o => o.Name.StartsWith(resource!, StringComparison.Ordinal))],
            _ => [],
        };
        problem = (value.Count, star) switch
        {
            (0, < 0) => $"unknown operation {Quoted.Text(text)}{Spelling.Hint(text, OperationCatalogue.All.Select(o => o.Name))}",
            (0, _) when star != text.Length - 1 => $"{Quoted.Text(text)}: \"*\" stands alone or at the end",
            (0, _) => $"{Quoted.Text(text)} matches no operation: \"*\" stands alone or after a resource's name{Spelling.Hint(text, Resources.Select(r => r + "*"))}",
            _ => null,
        };
        if (problem is not null) value = null;
        return problem is null;
    }
}
