using System.Runtime.CompilerServices;
using Gateway.EngineApi;
using Xunit;

namespace Gateway.Tests.EngineApi;

/// <summary>The catalogue against the list of what engines really route, kept beside this file.</summary>
public class OperationCatalogueTests
{
    [Fact]
    public void HoldsEveryRoutedOperationAndNoOther() =>
        Assert.Equal(Rows().Select(row => row[0]), OperationCatalogue.All.Select(operation => operation.Name));

    [Fact]
    public void AgreesWithTheListFieldByField()
    {
        foreach (var row in Rows())
        {
            var operation = OperationCatalogue.Get(row[0]);
            Assert.Equal(
                (row[1], row[2], row[3], row[4], row[5], Body(row[7]), row[8].Replace("-", "", StringComparison.Ordinal), row[9]),
                (operation.Method, operation.Template, $"1.{operation.MinApi}", operation.MaxApi is { } max ? $"1.{max}" : "",
                    operation.Object.ToString().ToLowerInvariant(), operation.Body.ToString().ToLowerInvariant(),
                    operation.Stream.ToString().ToLowerInvariant(), operation.Effect.ToString().ToLowerInvariant()));
            Assert.Equal(Names(row[11]), operation.Query);
        }
    }

    [Theory]
    [InlineData("Grpc")]
    [InlineData("Session")]
    [InlineData("SwarmInspect")]
    [InlineData("DebugPprofName")]
    [InlineData("ContainerCheckpointCreate")]
    [InlineData("PluginPull")]
    [InlineData("ImageLoad")]
    public void LeavesHostReachingOperationsToRootEquivalentRoles(string name) => Assert.True(OperationCatalogue.Get(name).RootEquivalentOnly);

    private static string Body(string cell) => cell.StartsWith("json", StringComparison.Ordinal) ? "json" : cell;

    private static string Names(string cell) =>
        string.Join(' ', System.Text.RegularExpressions.Regex.Replace(cell, @"\([^)]*\)", "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<List<string>> Rows([CallerFilePath] string here = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "engine-operations.csv")).Skip(1).Select(Cells);

    private static List<string> Cells(string line)
    {
        List<string> cells = [""];
        var quoted = false;
        foreach (var c in line)
        {
            switch (c)
            {
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    cells.Add("");
                    break;
                default:
                    cells[^1] += c;
                    break;
            }
        }

        return cells;
    }
}
