using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>Names of log drivers, plugins among them.</summary>
internal static partial class LogDriver
{
    private static readonly string[] Free = ["json-file", "local", "none"];

    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = Name().IsMatch(text) ? null : $"{Quoted.Text(text)} is not the name of a log driver";
        if (Free.Contains(text)) problem = $"log driver {Quoted.Text(text)} needs no grant";
        value = problem is null ? text : null;
        return problem is null;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._/:-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
