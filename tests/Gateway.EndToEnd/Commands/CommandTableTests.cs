using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Commands;

[Collection(DebianEngine.Name)]
public sealed class CommandTablesOnDebianEngine(DebianHost host) : CommandTableTests(host);

[Collection(ModernEngine.Name)]
public sealed class CommandTablesOnModernEngine(ModernHost host) : CommandTableTests(host);

/// <summary>
/// The tables beside this file, line by line, with the docker command of the engine's own generation: what a developer types in a day, and
/// what each shipped role does and is refused.
/// </summary>
public abstract partial class CommandTableTests(GatewayHost host) : IAsyncLifetime
{
    private const string Dockerfile = "FROM busybox AS a\nARG V\nRUN echo built$V > /b\nFROM busybox\nCOPY --from=a /b /b\nCMD cat /b\n";
    private readonly string folder = Directory.CreateTempSubdirectory("gateway-e2e-commands-").FullName;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "env"), "A=0\n# a comment\nB=two\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "labels"), "from=file\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), Dockerfile);
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.CreateSymbolicLink(Path.Combine(folder, "bin", "docker"), host.OwnClient);
        await CleanAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CleanAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task RunsADevelopersDay() => RunAsync("developer.txt");

    [Fact]
    public Task HoldsEachShippedRoleToItsWord() => RunAsync("roles.txt");

    private async Task RunAsync(string table)
    {
        var wrong = new List<string>();
        foreach (var line in (await File.ReadAllLinesAsync(Path.Combine(Here(), table), TestContext.Current.CancellationToken)).Where(line => line[0] != '#'))
        {
            if (Line().Match(line) is not { Success: true } row)
            {
                wrong.Add($"{line}: is not USER | EXIT | PIECE | COMMAND");
                continue;
            }

            var result = await host.Shell(row.Groups["user"].Value, $"set -o pipefail; export PATH={folder}/bin:$PATH D={folder} PORT={Port}; {row.Groups["command"].Value}");
            if (result.ExitCode != int.Parse(row.Groups["exit"].ValueSpan, CultureInfo.InvariantCulture)
                || !(result.Output + result.Error).Contains(row.Groups["piece"].Value.Replace("$PORT", Port, StringComparison.Ordinal), StringComparison.Ordinal))
            {
                wrong.Add($"{line}\n  {result.Whole.Trim().ReplaceLineEndings("\n  ")}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Another for each engine: they publish on the same machine.</summary>
    private string Port => host.Kind == "modern" ? "24993" : "24992";

    private async Task CleanAsync()
    {
        await host.Engine("rm -f -v walk walk2 walk3 walk4 held routed bare");
        await host.Engine("network rm walk-net");
        await host.Engine("volume rm walk-vol ciro-v");
        await host.Engine("rmi localhost/alice/walk:1 localhost/alice/walk:2 localhost/ciro/app:1");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^(?<user>\w+) \| (?<exit>\d+) \| (?<piece>.*?) ?\| (?<command>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
