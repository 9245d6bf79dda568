using System.Text.RegularExpressions;

namespace CertsTool.Commands;

/// <summary>The entries that a policy needs for a new client, in the format of the gateway's policy files.</summary>
internal static partial class PolicyStub
{
    public static string Of(string name, IReadOnlyList<string> groups, string spki)
    {
        var stub = $"users:\n  {Key(name)}: {{roles: [developer]}}   # to pin the key: certificate: {{spki: \"{spki}\"}}";
        return groups.Count == 0 ? stub
            : stub + "\ngroups:" + string.Concat(groups.Select(group => $"\n  {Key(group)}: {{roles: [developer], organization: {Key(group)}}}"));
    }

    // What YAML would read as a number, a truth value or nothing has to stand in quotes.
    private static string Key(string name) => Bare().IsMatch(name) && name.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n") ? name : $"\"{name}\"";

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9._-]*\z")]
    private static partial Regex Bare();
}
