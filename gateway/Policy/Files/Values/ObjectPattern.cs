using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>What a rule's <c>on:</c> may match on: globs over the names and labels of objects.</summary>
internal static partial class ObjectPattern
{
    public static bool TryParseName(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        var valid = NameGlob().IsMatch(text);
        value = valid ? text : null;
        problem = valid ? null : $"{Quoted.Text(text)} is not a pattern of names: letters, digits, . _ - and *";
        return valid;
    }

    /// <summary>The glob over the image's canonical name and tag: whatever a container was started by, its image is known by those.</summary>
    public static bool TryParseImage(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        if (!ImagePattern.TryParse(text, out var globs, out problem)) return false;
        if (UserVariable.IsIn(text))
        {
            problem = "${user} may stand in images, own-images and the source of binds only";
            return false;
        }

        value = globs[0];
        return true;
    }

    [GeneratedRegex(@"^[A-Za-z0-9*][A-Za-z0-9_.*-]{0,254}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameGlob();
}
