using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Throws cases at a gateway as a developer, and asks the engine behind it what came of them: nothing of the developer's may reach
/// the host, nothing of another's may be seen, changed or joined, and no case may be one that the gateway cannot decide.
/// </summary>
internal sealed class Fuzzer(GatewayHost host)
{
    private const int Workers = 6;
    private const int Round = 120;

    private readonly ConcurrentDictionary<int, int> statuses = new();

    // A file name's beginning: each case and its answer, for whoever tunes the grammar.
    private readonly string? log = Environment.GetEnvironmentVariable("FUZZ_LOG");

    public int Sent { get; private set; }

    /// <summary>Answers by status.</summary>
    public string Counts => string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"));

    /// <summary>The first findings with the cases that may have led to them, or none.</summary>
    /// <param name="regressions">Cases that once found something, tried first; <c>@B</c> and <c>@A</c> are a container of bob's and of alice's.</param>
    public async Task<List<string>> RunAsync(int firstSeed, TimeSpan time, IReadOnlyList<string> regressions, CancellationToken cancellationToken)
    {
        using var engine = new EngineProbe(host.EngineSocket);
        using var sender = new FuzzSender(host);
        await using var world = new FuzzWorld(engine);
        await world.BuildAsync();
        var oracle = new FuzzOracle(engine, world);
        var (clock, seed) = (Stopwatch.StartNew(), firstSeed);
        var kept = regressions.Select((text, line) => new FuzzCase($"regression {line + 1}", "", Fill(text, world))).ToList();
        do
        {
            var cases = kept.Count > 0 ? kept : [.. Enumerable.Range(seed, Round).Select(s => FuzzCase.Generate(s, world.Names))];
            seed += kept.Count > 0 ? 0 : Round;
            kept = [];
            if (await TryAsync(cases, sender, oracle, world, cancellationToken) is { Count: > 0 } findings)
            {
                return findings;
            }

            await world.MendAsync();
        }
        while (clock.Elapsed < time);
        return [];
    }

    private async Task<List<string>> TryAsync(List<FuzzCase> cases, FuzzSender sender, FuzzOracle oracle, FuzzWorld world, CancellationToken cancellationToken)
    {
        var findings = new ConcurrentQueue<string>();
        var errors = Errors(host.Log).Count;
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken }, async (one, _) =>
        {
            var answer = await sender.SendAsync(one.Bytes);
            var status = answer.Length > 12 && int.TryParse(answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            if (log is not null)
            {
                await File.AppendAllTextAsync($"{log}.{host.Kind}.{one.Label}", $"{Shown(one)}\n{answer}\n\n", CancellationToken.None);
            }

            if (Leak(answer, one.Bytes, world) is { } leak)
            {
                findings.Enqueue($"the answer holds {leak}: {Shown(one)}\n{answer}");
            }

            if (status == 201 && one.Operation == "ContainerCreate" && answer.Split("\"Id\":\"") is [_, var created])
            {
                // What is looked up by name is looked up at the start.
                await sender.SendAsync($"POST /containers/{created[..64]}/start HTTP/1.1\r\nHost: docker\r\nContent-Length: 0\r\n\r\n");
            }

            if (status == 201 && one.Operation == "ContainerExec" && answer.Split("\"Id\":\"") is [_, var rest] && await oracle.ExecProblemAsync(rest[..64]) is { } problem)
            {
                findings.Enqueue($"{problem}: {Shown(one)}");
            }
        });
        Sent += cases.Count;
        foreach (var problem in await oracle.JudgeAsync())
        {
            findings.Enqueue($"{problem}\nafter one of:\n{string.Join('\n', cases.Select(Shown))}");
        }

        foreach (var line in Errors(host.Log).Skip(errors))
        {
            findings.Enqueue($"the gateway logged\n{line}\nduring one of seeds {cases[0].Label} to {cases[^1].Label}");
        }

        return [.. findings];
    }

    /// <summary>What the gateway logged as an error, with the exception that follows.</summary>
    private static List<string> Errors(string log)
    {
        var lines = log.Split('\n');
        return [.. lines.Index().Where(line => IsError(line.Item)).Select(line => string.Join('\n', lines.Skip(line.Index).Take(1).Concat(lines.Skip(line.Index + 1).TakeWhile(next => !next.StartsWith('[')).Take(15))))];
    }

    private static bool IsError(string line) =>
        line.Contains(" ERR] ", StringComparison.Ordinal) || line.Contains(" FTL] ", StringComparison.Ordinal) || line.StartsWith("Unhandled exception", StringComparison.Ordinal);

    private static string? Leak(string answer, string request, FuzzWorld world) =>
        answer.Contains(world.Secret, StringComparison.Ordinal) ? "bob's secret"
        : world.SecretIds.FirstOrDefault(id => answer.Contains(id[..12], StringComparison.Ordinal) && !Uri.UnescapeDataString(request).Contains(id[..12], StringComparison.OrdinalIgnoreCase)) is { } id ? $"bob's id {id}"
        : null;

    private static string Fill(string text, FuzzWorld world) => text
        .Replace("@B", world.Names.Others["container"][1], StringComparison.Ordinal).Replace("@A", world.Names.Own["container"][2], StringComparison.Ordinal);

    private static string Shown(FuzzCase one) => $"seed {one.Label}: {System.Text.Json.JsonSerializer.Serialize(one.Bytes)}";
}
