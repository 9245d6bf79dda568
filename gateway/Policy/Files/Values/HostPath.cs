using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>Paths of the host in their one lexical form: absolute, no empty, <c>.</c> or <c>..</c> component (threats.md rule B1).</summary>
internal static partial class HostPath
{
    /// <summary>A bind's source; <c>${user}</c> may be one of its components.</summary>
    public static bool TryParseBindSource(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = Unclean(text) ?? UserVariable.Problem(Components(text));
        value = problem is null ? text : null;
        return problem is null;
    }

    /// <summary>A path below /dev, or a device's full CDI name, <c>nvidia.com/gpu=0</c>.</summary>
    public static bool TryParseDevice(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        problem = CdiName().IsMatch(text) ? null : DevicePathProblem(text);
        value = problem is null ? text : null;
        return problem is null;
    }

    private static string? DevicePathProblem(string text)
    {
        var problem = Unclean(text);
        if (problem is null && text.Contains('$', StringComparison.Ordinal)) problem = $"a device's path has no variables: {Quoted.Text(text)}";
        if (problem is null && !text.StartsWith("/dev/", StringComparison.Ordinal)) problem = $"{Quoted.Text(text)} is not a device: it is not below /dev";
        return problem;
    }

    /// <summary>The components; none for <c>/</c>.</summary>
    public static string[] Components(string path) => path == "/" ? [] : path[1..].Split('/');

    /// <summary>True where the path is strictly below the folder; both clean.</summary>
    public static bool LiesBelow(string path, string folder) =>
        folder == "/" ? path.Length > 1 : path.StartsWith(folder, StringComparison.Ordinal) && path.Length > folder.Length && path[folder.Length] == '/';

    /// <summary>True where one is the other, or lies below it.</summary>
    public static bool Meet(string one, string other) => one == other || LiesBelow(one, other) || LiesBelow(other, one);

    /// <summary>True for a path in the one form that can be resolved component by component; not <c>/</c> itself.</summary>
    public static bool IsClean(string text) => text.Length > 1 && Unclean(text) is null;

    private static string? Unclean(string text)
    {
        if (!text.StartsWith('/')) return $"{Quoted.Text(text)} is not an absolute path";
        if (text == "/") return null;
        if (text.EndsWith('/')) return $"{Quoted.Text(text)} ends in a slash";
        return Components(text).Any(c => c is "" or "." or "..") || text.Any(char.IsControl)
            ? $"{Quoted.Text(text)} is not a clean path: no \"//\", \".\" or \"..\""
            : null;
    }

    // github.com/cncf-tags/container-device-interface, pkg/parser.
    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]*/[A-Za-z][A-Za-z0-9_-]*=[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex CdiName();
}
