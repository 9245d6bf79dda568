using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.Policy.Files.Values;

/// <summary>Names of the host's accounts and groups: what useradd(8) of any distribution makes, and what directories add (<c>DOMAIN</c> suffixes aside).</summary>
internal static partial class AccountName
{
    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        var valid = Shape().IsMatch(text);
        value = valid ? text : null;
        problem = valid ? null : $"{Quoted.Text(text)} is not the name of a local account or group: 1 to 64 of a-z A-Z 0-9 . _ -, beginning with a letter, a digit or _ and not all digits";
        return valid;
    }

    [GeneratedRegex(@"^(?![0-9]+\z)[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
