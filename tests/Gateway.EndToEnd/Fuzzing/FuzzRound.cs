using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>The cases of one role: sent, and what came of them judged while they run and after.</summary>
/// <param name="answered">Told of each answer.</param>
internal sealed partial class FuzzRound(FuzzSender sender, EngineProbe engine, FuzzOracle oracle, EventWatch watch, FuzzWorld world, Action<FuzzCase, FuzzStep, string> answered)
{
    private readonly ConcurrentQueue<string> findings = new();
    private const int MostSuspects = 12;

    private readonly ConcurrentQueue<(FuzzCase Case, string Answer)> answers = new();

    /// <summary>What was found, a text each.</summary>
    public async Task<IReadOnlyList<string>> TryAsync(IReadOnlyList<FuzzCase> cases, int workers, CancellationToken cancellationToken)
    {
        findings.Clear();
        answers.Clear();
        await watch.BeginAsync(world.Role);
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken }, async (one, _) => await SendAsync(one));
        await sender.SettleAsync();
        foreach (var problem in (await watch.EndAsync()).Concat(await oracle.JudgeAsync()))
        {
            findings.Enqueue($"role {world.Role.Name}: {problem}\nafter one of:\n{string.Join('\n', Suspects(problem, cases))}");
        }

        return [.. findings];
    }

    private async Task SendAsync(FuzzCase one)
    {
        var told = "none";
        for (var at = 0; at < one.Steps.Count;)
        {
            var together = one.Steps.Skip(at).TakeWhile((step, i) => i == 0 || one.Steps[at + i - 1].WithNext).ToList();
            var id = told;
            var came = await Task.WhenAll(together.Select(step => StepAsync(one, step, step.Bytes.Replace("@X", id, StringComparison.Ordinal))));
            told = came.Select(answer => NewId().Match(answer)).LastOrDefault(found => found.Success)?.Groups[1].Value ?? told;
            at += together.Count;
        }
    }

    private async Task<string> StepAsync(FuzzCase one, FuzzStep step, string bytes)
    {
        var user = world.Role.Users[step.User];
        var answer = await SendAsync(one, user, bytes);
        answered(one, step, answer);
        if (one.Steps.Count == 1 && Answer.Status(answer) == 201 && NewId().Match(answer) is { Success: true } made)
        {
            await UseAsync(one, step.Operation, user, made.Groups[1].Value);
        }

        return answer;
    }

    private async Task<string> SendAsync(FuzzCase one, string user, string bytes)
    {
        world.Give(bytes);
        var answer = await sender.SendAsync(user, bytes);
        answers.Enqueue((one, answer));
        if (Answer.Status(answer) == 201 && NewId().Match(answer) is { Success: true } made)
        {
            watch.Tell(made.Groups[1].Value);
        }

        if (world.Leak(answer, bytes, user) is { } leak)
        {
            findings.Enqueue($"role {world.Role.Name}: the answer to {user} holds {leak}: {Shown(one)}\n{answer}");
        }

        return answer;
    }

    /// <summary>What was made is looked at once its maker has been told of it, and used: what is looked up by name is looked up then.</summary>
    private async Task UseAsync(FuzzCase one, string operation, string user, string id)
    {
        if (operation == "ContainerCreate")
        {
            if (await engine.GetAsync($"/containers/{id}/json") is { ValueKind: JsonValueKind.Object } container)
            {
                foreach (var problem in await oracle.ProblemsAsync(container, world.Role))
                {
                    findings.Enqueue($"role {world.Role.Name}: its maker was told of a container: {problem}: {Shown(one)}");
                }
            }

            await SendAsync(one, user, FuzzCase.Plain("POST", $"/containers/{id}/start"));
        }
        else if (operation == "ContainerExec")
        {
            await SendAsync(one, user, FuzzCase.Plain("POST", $"/exec/{id}/start", "{\"Detach\":false}"));
        }
    }

    /// <summary>The cases that a problem may come from: those that say or were told an id or name that it holds; else the seeds of all.</summary>
    private IEnumerable<string> Suspects(string problem, IReadOnlyList<FuzzCase> cases)
    {
        var words = Word().Matches(problem).Select(found => found.Value).Distinct().Where(word => !world.Known.Contains(word)).ToList();
        var told = answers.Where(answer => words.Exists(word => answer.Answer.Contains(word, StringComparison.Ordinal) || answer.Case.Steps.Any(step => step.Bytes.Contains(word, StringComparison.Ordinal)))).Select(answer => answer.Case).Distinct().ToList();
        return told.Count is > 0 and < MostSuspects ? told.Select(Shown) : [$"seeds {cases[0].Label} to {cases[^1].Label}"];
    }

    private static string Shown(FuzzCase one) => $"seed {one.Label}: {string.Join(" THEN ", one.Steps.Select(step => $"{(step.User > 0 ? "(other user) " : "")}{JsonSerializer.Serialize(step.Bytes.Length > 3000 ? step.Bytes[..3000] + "…" : step.Bytes)}"))}";

    [GeneratedRegex("\"Id\":\"([0-9a-f]{64})\"")]
    private static partial Regex NewId();

    [GeneratedRegex("[0-9a-f]{64}|\\bfz[0-9]+[a-z]*\\b|\\bfz-(new2?|[0-9]+)\\b")]
    private static partial Regex Word();
}
