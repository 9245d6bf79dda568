using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd.Fuzzing;

[Collection(DebianEngine.Name)]
public sealed class FuzzOnDebianEngine(DebianHost host) : FuzzTests(host);

[Collection(ModernEngine.Name)]
public sealed class FuzzOnModernEngine(ModernHost host) : FuzzTests(host);

/// <summary>
/// FUZZ_SECONDS is the time for both engines together (60); FUZZ_SEED begins there instead of anywhere: the seed in a finding, with
/// FUZZ_SECONDS=0, replays the round from it on. FUZZ_ROLE tries one role alone. FUZZ_LOG, a file name's beginning, keeps cases with
/// answers, findings and coverage, and has a summary printed. What was found is kept in regressions.txt: a role and the request as one JSON text, a line each.
/// </summary>
public abstract class FuzzTests(GatewayHost host)
{
    private const int DefaultSeconds = 60;
    private const int Engines = 2;

    [Fact]
    public async Task FindsNothing()
    {
        var seconds = Number("FUZZ_SECONDS") ?? DefaultSeconds;
        var seed = Number("FUZZ_SEED") ?? Random.Shared.Next(1 << 30);
        var regressions = File.ReadAllLines(Path.Combine(Here(), "regressions.txt")).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', 2)).Select(line => (line[0], JsonSerializer.Deserialize<string>(line[1])!)).ToList();
        var log = Environment.GetEnvironmentVariable("FUZZ_LOG");
        var fuzzer = new Fuzzer(host, log, Environment.GetEnvironmentVariable("FUZZ_ROLE"));

        var findings = await fuzzer.RunAsync(seed, TimeSpan.FromSeconds((double)seconds / Engines), regressions, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{host.Kind}: {fuzzer.Sent} requests from seed {seed}, {fuzzer.Events} events; answers {fuzzer.Counts}{(log is null ? "" : "\n" + fuzzer.Coverage)}");
        Assert.True(findings.Count == 0, string.Join("\n\n", findings));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
