using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.EndToEnd.Support;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Throws cases at a gateway as users of limited roles, one role a round, and asks the engine behind it what came of them: nothing may
/// be beyond the role's grants, nothing of another's may be seen, changed or joined, and no case may be one that the gateway cannot decide.
/// </summary>
/// <param name="log">A file name's beginning, for whoever tunes the grammar: cases with their answers, findings as they come, coverage. Null for none.</param>
/// <param name="onlyRole">The role that is tried; null for all in turn.</param>
internal sealed class Fuzzer(GatewayHost host, string? log, string? onlyRole)
{
    private const int Workers = 8;
    private const int Round = 240;
    private const int MostFindings = 12;
    private const int MostLogged = 4000;

    private readonly ConcurrentDictionary<int, int> statuses = new();
    private readonly GrammarCoverage coverage = new();
    private readonly Lock writing = new();

    public int Sent { get; private set; }

    /// <summary>Events of the engine that were judged.</summary>
    public int Events { get; private set; }

    /// <summary>Answers by status.</summary>
    public string Counts => string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}"));

    public string Coverage => coverage.Summary();

    /// <summary>The first findings with the cases that may have led to them, or none.</summary>
    /// <param name="regressions">Cases that once found something, tried first; <c>@B</c> and <c>@A</c> are a container of bob's and of the attacker's, <c>@N</c> a network of bob's, <c>@T</c> a build's archive in chunks.</param>
    public async Task<List<string>> RunAsync(int firstSeed, TimeSpan time, IReadOnlyList<(string Role, string Request)> regressions, CancellationToken cancellationToken)
    {
        using var engine = new EngineProbe(host.EngineSocket);
        using var sender = new FuzzSender(host);
        await using var world = new FuzzWorld(engine, host.Kind);
        var roles = await FuzzRoles.WriteAsync(host, onlyRole);
        using var folder = await FuzzFolder.CreateAsync(host, roles.Distinct().SelectMany(role => role.Users), world.HostSecret);
        await host.UntilAsync(() => sender.SendAsync(roles[^1].Users[1], FuzzCase.Plain("GET", "/_ping")), answer => Answer.Status(answer) == 200);
        await world.BuildAsync();
        var containers = new ContainerOracle(engine, world);
        var oracle = new FuzzOracle(engine, world, containers);
        await using var watch = await EventWatch.StartAsync(engine, world, containers);
        var run = new FuzzRound(sender, engine, oracle, watch, world, Answered);
        List<string> findings = [];
        foreach (var kept in regressions.GroupBy(one => one.Role).Where(kept => roles.Any(role => role.Name == kept.Key)))
        {
            await EnterAsync(roles.First(role => role.Name == kept.Key));
            findings.AddRange(await TryAsync([.. kept.Select((one, number) => new FuzzCase($"kept {number + 1}", [new FuzzStep("", 0, Fill(one.Request, world))]))], run, cancellationToken));
        }

        for (var (clock, seed) = (Stopwatch.StartNew(), firstSeed); ;)
        {
            // Rounds begin at multiples, so that the seed alone tells the role.
            var count = Round - (seed % Round);
            await EnterAsync(roles[seed / Round % roles.Count]);
            findings.AddRange(await TryAsync([.. Enumerable.Range(seed, count).Select(s => FuzzCase.Generate(s, world.Role, world.Names[0], world.Names[1]))], run, cancellationToken));
            seed += count;
            Events = watch.Seen;
            if (clock.Elapsed >= time || findings.Count > MostFindings)
            {
                break;
            }
        }

        File.Delete(Path.Combine(host.Policies, FuzzRoles.File));
        if (log is not null)
        {
            await File.WriteAllLinesAsync($"{log}.{host.Kind}.coverage", coverage.Lines(), CancellationToken.None);
        }

        return findings;

        async Task EnterAsync(FuzzRole role)
        {
            containers.Excused.Clear();
            await world.EnterAsync(role);
            await oracle.ExcuseAsync();
        }
    }

    private async Task<List<string>> TryAsync(IReadOnlyList<FuzzCase> cases, FuzzRound run, CancellationToken cancellationToken)
    {
        var errors = Errors(host.Log).Count;
        List<string> findings = [.. await run.TryAsync(cases, Workers, cancellationToken)];
        Sent += cases.Sum(one => one.Steps.Count);
        findings.AddRange(Errors(host.Log).Skip(errors).Select(line => $"the gateway logged\n{line}\nduring one of seeds {cases[0].Label} to {cases[^1].Label}"));
        if (log is not null && findings.Count > 0)
        {
            await File.AppendAllLinesAsync($"{log}.{host.Kind}.findings", findings, CancellationToken.None);
        }

        return findings;
    }

    private void Answered(FuzzCase one, FuzzStep step, string answer)
    {
        statuses.AddOrUpdate(Answer.Status(answer), 1, (_, count) => count + 1);
        if (OperationCatalogue.Find(step.Operation) is { } operation)
        {
            coverage.Count(operation, step.Bytes, Answer.IsLetThrough(answer));
        }

        if (log is not null)
        {
            lock (writing)
            {
                File.AppendAllText($"{log}.{host.Kind}.cases", $"== {one.Label} {step.Operation} as user {step.User}\n{Cut(step.Bytes)}\n--\n{Cut(answer)}\n\n");
            }
        }
    }

    private static string Cut(string text) => text.Length > MostLogged ? text[..MostLogged] + "…" : text;

    /// <summary>What the gateway logged as an error, with the exception that follows.</summary>
    private static List<string> Errors(string log)
    {
        var lines = log.Split('\n');
        return [.. lines.Index().Where(line => IsError(line.Item)).Select(line => string.Join('\n', lines.Skip(line.Index).Take(1).Concat(lines.Skip(line.Index + 1).TakeWhile(next => !next.StartsWith('[')).Take(15))))];
    }

    private static bool IsError(string line) =>
        line.Contains(" ERR] ", StringComparison.Ordinal) || line.Contains(" FTL] ", StringComparison.Ordinal) || line.StartsWith("Unhandled exception", StringComparison.Ordinal);

    private static string Fill(string text, FuzzWorld world)
    {
        var archive = TarGrammar.BuildContext("FROM busybox\nLABEL gateway.owner=bob\nRUN true\n");
        return text
            .Replace("@B", world.Names[0].Others["container"][1], StringComparison.Ordinal).Replace("@A", world.Names[0].Own["container"][2], StringComparison.Ordinal)
            .Replace("@N", world.Names[0].Others["network"][1], StringComparison.Ordinal).Replace("@T", $"{archive.Length:x}\r\n{archive}\r\n0\r\n\r\n", StringComparison.Ordinal);
    }
}
