namespace Gateway.Policy.Files.Values;

/// <summary><c>${user}</c>, the one variable of policy files; it stands for a whole component of a path or an image's name.</summary>
internal static class UserVariable
{
    public const string Text = "${user}";

    public static bool IsIn(string text) => text.Contains(Text, StringComparison.Ordinal);

    /// <summary>What is wrong with the variables among these components, or null.</summary>
    public static string? Problem(IReadOnlyList<string> components)
    {
        foreach (var component in components)
        {
            var rest = component == Text ? "" : component;
            if (rest.Contains("${group}", StringComparison.Ordinal)) return "not supported yet: ${group}";
            if (IsIn(rest)) return "${user} must be a whole component, between slashes: beside other characters one user's name could be the start of another's";
            if (rest.Contains('$', StringComparison.Ordinal)) return $"unknown variable in {Quoted.Text(component)}; the only one is {Text}";
        }

        return null;
    }
}
