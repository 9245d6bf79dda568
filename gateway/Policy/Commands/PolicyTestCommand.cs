using System.CommandLine;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Cases;
using Gateway.Policy.Testing;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy test DIR</c>: decides the cases of <c>*.test.yaml</c> with the reading and the evaluator that serve uses.</summary>
internal static class PolicyTestCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "folder of the policy files and their cases" };
        var junit = new Option<string>("--junit") { Description = "file to write the outcomes to, as JUnit XML" };
        var coverage = new Option<bool>("--coverage") { Description = "list the rules and grants that no case touches" };
        var threshold = new Option<int?>("--coverage-threshold") { Description = "fail under so many percent of touched rules and grants" };
        threshold.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var percent) && percent is >= 0 and <= 100)) result.AddError($"\"{token.Value}\" is not a percentage: 0 to 100");
        });
        var command = new Command("test", "Runs the cases beside the policies. Exit code 0 all passed, 1 some did not, 78 broken policies or cases.\n\n"
            + "Example:\n  gateway policy test /etc/docker-gateway/policies --junit cases.xml --coverage-threshold 80")
        {
            folder, junit, coverage, threshold,
        };
        command.SetAction(result => Run(
            result.GetRequiredValue(folder),
            new PolicyTestOptions(result.GetValue(junit), result.GetValue(coverage), result.GetValue(threshold)),
            result.InvocationConfiguration.Output,
            result.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>0 where every case came to its decision, 1 where one did not or too little is covered, 78 where policies or cases cannot be read.</summary>
    public static int Run(string folder, PolicyTestOptions options, TextWriter output, TextWriter error)
    {
        if (PolicySource.Load(folder, error) is not { } policy)
        {
            return PolicyExit.Invalid;
        }

        var files = Directory.GetFiles(folder, "*.test.yaml").Order(StringComparer.Ordinal).Select(path => (Path: path, Result: PolicyTestFile.Load(path))).ToList();
        var problems = files.SelectMany(file => file.Result.Errors.Concat(UnknownNames(policy, file.Result.Cases))).ToList();
        if (problems.Count > 0)
        {
            SourceExcerpt.Print(problems, error);
            return PolicyExit.Invalid;
        }

        var outcomes = CaseRun.All(policy, [.. files.SelectMany(file => file.Result.Cases.Select(test => (file.Path, test)))]);
        foreach (var outcome in outcomes.Where(outcome => outcome.Problem is not null))
        {
            output.WriteLine($"{outcome.Case.At}: {outcome.Case.Name}: {outcome.Problem}");
        }

        try
        {
            if (options.JUnit is { } path)
            {
                JUnitFile.Write(path, outcomes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"gateway: {e.Message}");
            return PolicyExit.Usage;
        }

        var isCovered = !(options.Coverage || options.Threshold is not null) || PrintCoverage(policy, outcomes, options.Threshold, output);
        var bad = outcomes.Count(outcome => outcome.Problem is not null);
        output.WriteLine($"{outcomes.Count - bad} passed, {bad} failed");
        return bad == 0 && isCovered ? PolicyExit.Yes : PolicyExit.No;
    }

    private static bool PrintCoverage(AccessPolicy policy, IReadOnlyList<CaseOutcome> outcomes, int? threshold, TextWriter output)
    {
        var coverage = Coverage.Of(policy, outcomes);
        foreach (var item in coverage.Uncovered)
        {
            output.WriteLine($"{policy.Places.Of(item.Path)}: role \"{item.Role}\": no case touches {item.Name}");
        }

        var enough = threshold is not { } least || coverage.Percent >= least;
        output.WriteLine($"coverage: {coverage.Percent}% ({coverage.Covered.Count} of {coverage.Covered.Count + coverage.Uncovered.Count} rules and grants){(enough ? "" : $", under {threshold}%")}");
        return enough;
    }

    /// <summary>Users and roles that a case names and the policies do not have.</summary>
    private static IEnumerable<PolicyError> UnknownNames(AccessPolicy policy, IReadOnlyList<PolicyTestCase> cases)
    {
        var users = policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members)).ToHashSet(StringComparer.Ordinal);
        foreach (var test in cases)
        {
            foreach (var role in test.Roles?.Where(role => !policy.Roles.ContainsKey(role)) ?? [])
            {
                yield return new PolicyError(test.At, $"case \"{test.Name}\": unknown role \"{role}\"{Files.Values.Spelling.Hint(role, policy.Roles.Keys)}");
            }

            if (test.Roles is null && !users.Contains(test.User))
            {
                yield return new PolicyError(test.At, $"case \"{test.Name}\": the policies have no user \"{test.User}\"{Files.Values.Spelling.Hint(test.User, users)}; give a made-up one its roles");
            }
        }
    }
}
