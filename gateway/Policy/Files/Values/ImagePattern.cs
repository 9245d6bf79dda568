using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>
/// Patterns of image names, turned into globs over canonical references (distribution's reference grammar): the registry and
/// <c>library/</c> are filled in, and a pattern without a tag gets one glob for every tag and one for every digest.
/// </summary>
internal static partial class ImagePattern
{
    private const string Hub = "docker.io";
    private const int Longest = 255;

    public static bool TryParse(string text, [NotNullWhen(true)] out IReadOnlyList<string>? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        problem = null;
        if (text == "*")
        {
            value = ["*"];
            return true;
        }

        if (text.Length is 0 or > Longest) return Refuse(text, "is not an image's name", out problem);
        var (name, tag, digest) = Split(text);
        var components = name.Split('/').ToList();
        problem = UserVariable.Problem([.. components, tag ?? "", digest ?? ""]);
        if (problem is not null) return false;
        if (tag is not null && digest is not null) return Refuse(text, "has a tag and a digest; write one of them", out problem);
        if (UserVariable.IsIn(tag ?? "") || UserVariable.IsIn(digest ?? "")) return Refuse(text, "has a variable outside its path", out problem);
        if (digest is not (null or "*") && !Digest().IsMatch(digest)) return Refuse(text, "has a malformed digest; write @sha256: and 64 hex digits, or @*", out problem);
        if (tag is not null && !Tag().IsMatch(tag)) return Refuse(text, "has a malformed tag", out problem);
        if (!TryNameRegistry(text, components, out problem)) return false;
        if (!CheckPath(text, [.. components.Skip(1)], out problem)) return false;

        var full = string.Join('/', components);
        value = (tag, digest) switch
        {
            (not null, _) => [$"{full}:{tag}"],
            (_, not null) => [$"{full}@{digest}"],
            _ when full.EndsWith('*') => [full],
            _ => [$"{full}:*", $"{full}@*"],
        };
        return true;
    }

    private static (string Name, string? Tag, string? Digest) Split(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : text[(at + 1)..];
        var name = at < 0 ? text : text[..at];
        var colon = name.LastIndexOf(':');
        return colon < 0 || colon < name.LastIndexOf('/') ? (name, null, digest) : (name[..colon], name[(colon + 1)..], digest);
    }

    private static bool TryNameRegistry(string text, List<string> components, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        var first = components[0];
        var isRegistry = components.Count > 1 && (first == "localhost" || first.AsSpan().IndexOfAny('.', ':') >= 0);
        if (!isRegistry) components.Insert(0, Hub);
        if (components[0] is "index.docker.io") components[0] = Hub;

        // "*" stands for slashes too, so in a registry's place it would match any registry's path.
        if (components[0].Contains('*', StringComparison.Ordinal)) return Refuse(text, "has \"*\" in the registry's name, where it would match every registry; write the name out", out problem);
        if (!Registry().IsMatch(components[0])) return Refuse(text, "has a malformed registry", out problem);
        if (components is [Hub, not "*"]) components.Insert(1, "library");
        return true;
    }

    private static bool CheckPath(string text, List<string> path, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (path.Any(c => c.Any(char.IsAsciiLetterUpper))) return Refuse(text, "has upper-case letters; names of images are lower-case", out problem);
        if (!path.All(c => UserVariable.IsWhole(c) || Component().IsMatch(c))) return Refuse(text, "is not an image's name", out problem);
        var variable = path.FindIndex(UserVariable.IsWhole);
        if (variable > 0 && path.Take(variable).Any(c => c.Contains('*', StringComparison.Ordinal)))
        {
            return Refuse(text, "has \"*\" before a variable: it stands for slashes too, so that one's names would match another's", out problem);
        }

        return true;
    }

    /// <summary>The globs as a policy file may have them: a pattern without a tag was read as two, one for tags and one for digests.</summary>
    public static IEnumerable<string> Written(IEnumerable<string> globs) => globs.Select(Written).Distinct(StringComparer.Ordinal);

    public static string Written(string glob) =>
        (glob.EndsWith(":*", StringComparison.Ordinal) && !glob.EndsWith("*:*", StringComparison.Ordinal)) || glob.EndsWith("@*", StringComparison.Ordinal) ? glob[..^2] : glob;

    private static bool Refuse(string text, string complaint, [NotNullWhen(false)] out string? problem)
    {
        problem = $"image pattern {Quoted.Text(text)} {complaint}";
        return false;
    }

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digest();

    [GeneratedRegex(@"^[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Registry();

    [GeneratedRegex(@"^[a-z0-9*]+((\.|_|__|-+)[a-z0-9*]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Component();
}
