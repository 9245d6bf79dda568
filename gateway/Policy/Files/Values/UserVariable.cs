namespace Gateway.Policy.Files.Values;

/// <summary><c>${user}</c> and <c>${group}</c>, the variables of policy files; each stands for a whole component of a path or an image's name.</summary>
internal static class UserVariable
{
    public const string Text = "${user}";

    /// <summary>Each of the groups that the user is in.</summary>
    public const string Group = "${group}";

    public static bool IsIn(string text) => text.Contains(Text, StringComparison.Ordinal) || text.Contains(Group, StringComparison.Ordinal);

    public static bool IsWhole(string component) => component is Text or Group;

    /// <summary>What is wrong with the variables among these components, or null.</summary>
    public static string? Problem(IReadOnlyList<string> components)
    {
        foreach (var component in components)
        {
            var rest = IsWhole(component) ? "" : component;
            if (IsIn(rest))
            {
                var (variable, whose) = rest.Contains(Text, StringComparison.Ordinal) ? (Text, "user") : (Group, "group");
                return $"{variable} must be a whole component, between slashes: beside other characters one {whose}'s name could be the start of another's";
            }

            if (rest.Contains('$', StringComparison.Ordinal)) return $"unknown variable in {Quoted.Text(component)}; there are {Text} and {Group}";
        }

        return null;
    }
}
