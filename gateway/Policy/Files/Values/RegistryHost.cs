using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>A registry's host, with its port where it has one.</summary>
internal static partial class RegistryHost
{
    /// <summary>The engine's own host, by the one name without a dot or port that image names have for a host.</summary>
    public const string Local = "localhost";

    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = text == "index.docker.io" ? "Docker Hub is written docker.io"
            : Host().IsMatch(text) ? null
            : $"{Quoted.Text(text)} is not a registry: write its host, as in docker.io or registry.example.com:5000";
        value = problem is null ? text : null;
        return problem is null;
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}
