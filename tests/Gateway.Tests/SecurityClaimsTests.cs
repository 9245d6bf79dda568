using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gateway.Tests.Policy.Checks;
using Xunit;

namespace Gateway.Tests;

/// <summary>What SECURITY.md says holds: each invariant has tests of its number, and what a claim names as its code and test is there.</summary>
public sealed partial class SecurityClaimsTests
{
    private const int Invariants = 66;
    private static readonly string Repository = Path.GetFullPath(Path.Combine(Here(), "../.."));
    private static readonly IReadOnlyList<string[]> Rows = [.. File.ReadLines(Path.Combine(Repository, "SECURITY.md")).Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal)).Select(Cells)];
    private static readonly IReadOnlyList<string> Sources = [.. Files("gateway"), .. Files("certs-tool")];

    /// <summary>Test classes by name, with their text: both test programs' and the one of certs-tool.</summary>
    private static readonly ILookup<string, string> Tests = Files("tests").Where(file => file.EndsWith(".cs", StringComparison.Ordinal)).ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

    [Fact]
    public void HasATestForEachInvariant()
    {
        var listed = Rows.Where(row => InvariantNumber().IsMatch(row[0])).ToList();

        Assert.Equal(Enumerable.Range(1, Invariants).Select(number => $"I{number}"), listed.Select(row => row[0]));
        Assert.All(listed, row => Assert.True(row[1].Length > 20, row[0]));
        Assert.All(listed, row => Assert.NotEmpty(Quoted(row[2])));
        None(listed.SelectMany(row => Quoted(row[2]).Where(name => !NumbersOf(name).Contains(row[0])).Select(name => $"{name} has no test named {row[0]}_…")));
    }

    [Fact]
    public void ListsEveryTestOfAnInvariant()
    {
        var listed = Rows.Where(row => InvariantNumber().IsMatch(row[0])).SelectMany(row => Quoted(row[2]).Select(name => (name, row[0]))).ToHashSet();

        None(Tests.SelectMany(test => NumbersOf(test.Key).Distinct().Where(number => !listed.Contains((test.Key, number))).Select(number => $"{test.Key} of {number}")));
    }

    [Fact]
    public void NamesCodeAndTestsThatExist()
    {
        var claims = Rows.Where(row => row.Length == 3 && row[0].Length > 10).ToList();
        var cases = DeniedCases.All.Select(tried => tried.Check).ToHashSet();

        Assert.True(claims.Count > 50, $"{claims.Count} claims");
        Assert.All(claims, row => Assert.NotEmpty(Quoted(row[1])));
        None(claims.SelectMany(row => Quoted(row[1])).Where(name => !IsCode(name)));
        None(claims.SelectMany(row => Quoted(row[2])).Where(name => !Tests.Contains(name) && !cases.Contains(name) && !File.Exists(Path.Combine(Repository, name))));
    }

    /// <summary>A file or folder of a program, or a type, by the end of its path.</summary>
    private static bool IsCode(string name)
    {
        var end = "/" + name;
        return Sources.Any(file => file.EndsWith(end, StringComparison.Ordinal) || file.EndsWith(end + ".cs", StringComparison.Ordinal) || file.Contains(end + "/", StringComparison.Ordinal));
    }

    private static IEnumerable<string> NumbersOf(string test) => Tests[test].SelectMany(text => InvariantTest().Matches(text)).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(Path.Combine(Repository, folder), "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];

    private static List<string> Quoted(string cell) => [.. Name().Matches(cell).Select(match => match.Groups[1].Value)];

    private static void None(IEnumerable<string> found) => Assert.Equal("", string.Join(", ", found.Distinct()));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"\AI[0-9]+\z")]
    private static partial Regex InvariantNumber();

    [GeneratedRegex("public (?:async )?(?:void|Task) (I[0-9]+)_[A-Z]")]
    private static partial Regex InvariantTest();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
