using System.Reflection;
using System.Runtime.CompilerServices;
using Gateway.Policy.Checks;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>
/// policies/FIELDS.md is what the catalogue says, a line a field: whoever knows a field's name finds its check, grant and cases by one
/// grep. <c>GATEWAY_WRITE_FIELDS=1</c> writes the file anew.
/// </summary>
public sealed class FieldTableTests
{
    private const string Head = """
        # Fields

        Every field of a body and every query parameter (`?name`) that is judged, by operation: the check that reads it, under `gateway/Policy/Checks`; the
        key of a role's `grants` that allows it, in [README.md](README.md) and `policy.schema.json`; its cases, in `AllowedCases.cs` and `DeniedCases.cs`
        by the check's id. Of one without a check it says why it is harmless. Operations for root-equivalent roles alone are left out. What holds is claimed
        in [SECURITY.md](../SECURITY.md), by the checks' names. Written from the catalogue, and compared with it by `FieldTableTests`.

        | operation | field | check | grant | cases, or why it is harmless |
        |---|---|---|---|---|

        """;

    private static readonly string File = Path.GetFullPath(Path.Combine(Here(), "../../../../policies/FIELDS.md"));

    /// <summary>The file that declares each check.</summary>
    private static readonly Dictionary<Check, string> Files = typeof(CheckCatalogue).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(CheckCatalogue).Namespace)
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static).Where(property => property.PropertyType.IsAssignableTo(typeof(Check))).Select(property => (Check: (Check)property.GetValue(null)!, type.Name)))
        .DistinctBy(found => found.Check, ReferenceEqualityComparer.Instance)
        .ToDictionary(found => found.Check, found => found.Name, (IEqualityComparer<Check>)ReferenceEqualityComparer.Instance);

    [Fact]
    public void SaysOfEachFieldWhatTheCatalogueSays()
    {
        var table = Head + string.Join('\n', CheckCatalogue.All.Where(checks => checks is not RootOnlyChecks).SelectMany(Lines)) + "\n";
        if (Environment.GetEnvironmentVariable("GATEWAY_WRITE_FIELDS") == "1")
        {
            System.IO.File.WriteAllText(File, table);
        }

        Assert.Equal(table.Split('\n'), System.IO.File.ReadAllText(File).Split('\n'));
    }

    private static IEnumerable<string> Lines(OperationChecks checks) =>
        checks.Checks
            .SelectMany(check => check.Reads.Select(field => $"| {checks.Operation.Name} | `{field}` | {Files[check]} | {(check.Grant is { } key ? $"`{key}`" : "")} | `{check.Id}` |"))
            .Concat(checks.Harmless.Select(field => $"| {checks.Operation.Name} | `{field.Path}` | | | {field.Reason} |"));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
