namespace Gateway.Tests.Policy.Files.Support;

/// <summary>The smallest valid file around the part that a case is about.</summary>
internal static class Snippet
{
    /// <summary>Its first line stands at 6:7.</summary>
    public static string Grants(string grants) => $"""
        version: 1
        roles:
          r:
            rules: []
            grants:
              {Indent(grants, 6)}
        """;

    /// <summary>Its first line stands at 6:9.</summary>
    public static string Rule(string rule) => $"""
        version: 1
        roles:
          r:
            rules:
              - id: x
                {Indent(rule, 8)}
        """;

    private static string Indent(string text, int by) => text.ReplaceLineEndings("\n" + new string(' ', by));
}
