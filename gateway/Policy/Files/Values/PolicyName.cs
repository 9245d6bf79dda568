using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>
/// Names of users, roles, groups and rules: the characters that a certificate's CN may have, so that no two look alike
/// (threats.md §7, I57).
/// </summary>
internal static partial class PolicyName
{
    private const string OfficialImages = "library";

    public static bool IsValid(string text) => Shape().IsMatch(text);

    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        var valid = IsValid(text);
        value = valid ? text : null;
        problem = valid ? null : $"{Quoted.Text(text)} is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit";
        return valid;
    }

    /// <summary>As <see cref="TryParse"/>, and not the namespace of Docker Hub's official images, which <c>docker.io/${user}/*</c> would give away.</summary>
    public static bool TryParseUser(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        if (!TryParse(text, out value, out problem)) return false;
        if (text != OfficialImages) return true;
        (value, problem) = (null, "\"library\" cannot be a user's name: docker.io/library holds the official images");
        return false;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
