using System.CommandLine;
using Gateway.Offline;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Cases;
using Gateway.Wire;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy test DIR</c>: decides the cases of <c>*.test.yaml</c> with the reading and the evaluator that serve uses.</summary>
internal static class PolicyTestCommand
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int InvalidPolicy = 78;

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "folder of the policy files and their cases" };
        var command = new Command("test", "Runs the cases beside the policies. Example: gateway policy test /etc/docker-gateway/policies") { folder };
        command.SetAction(result => Run(result.GetValue(folder)!, Console.Out, Console.Error));
        return command;
    }

    /// <summary>0 where every case came to its decision, 1 where one did not, 78 where policies or cases cannot be read.</summary>
    public static int Run(string folder, TextWriter output, TextWriter error)
    {
        var loaded = PolicyFolder.Load(folder, new PolicyLoadOptions());
        var files = loaded.Policy is null ? [] : Directory.GetFiles(folder, "*.test.yaml").Order(StringComparer.Ordinal).Select(PolicyTestFile.Load).ToList();
        foreach (var problem in loaded.Errors.Concat(files.SelectMany(file => file.Errors)))
        {
            error.WriteLine(problem);
        }

        if (loaded.Policy is not { } policy || files.Exists(file => file.Errors.Count > 0))
        {
            return InvalidPolicy;
        }

        var (good, bad) = (0, 0);
        foreach (var test in files.SelectMany(file => file.Cases))
        {
            if (Problem(test, policy) is { } problem)
            {
                bad++;
                output.WriteLine($"{test.At}: {test.Name}: {problem}");
            }
            else
            {
                good++;
            }
        }

        output.WriteLine($"{good} passed, {bad} failed");
        return bad == 0 ? Passed : Failed;
    }

    private static string? Problem(PolicyTestCase test, AccessPolicy policy)
    {
        var decision = Decide(test, policy);
        return decision switch
        {
            _ when decision.Allowed != test.ExpectsAllow => decision.Allowed ? $"allowed by rule \"{decision.Rule}\"" : $"denied with {decision.Status}: {decision.Detail}",
            _ when test.Rule is not null && decision.Rule != test.Rule => $"decided by rule \"{decision.Rule}\", not \"{test.Rule}\"",
            _ when test.Status is not null && decision.Status != test.Status => $"denied with {decision.Status}, not {test.Status}",
            _ when test.Field is not null && !decision.Fields.Contains(test.Field) => $"names \"{string.Join(", ", decision.Fields)}\", not \"{test.Field}\": {decision.Detail}",
            _ => null,
        };
    }

    private static Decision Decide(PolicyTestCase test, AccessPolicy policy) => OfflineDecision.Decide(
        test.Roles is { } roles ? OfflineCaller.With(policy, test.User, roles) : OfflineCaller.Find(policy, test.User),
        OfflineRequest.Of(test.Method, test.Target, test.Body, test.Headers.Select(head => new RequestHeader(head.Key, head.Value))),
        new OfflineFacts
        {
            Objects = test.Owner switch { CaseOwner.Absent => AssumedOwner.Absent, CaseOwner.Other => AssumedOwner.Other, _ => AssumedOwner.Mine },
            HostPathsAreSafe = true,
        }).Decision;
}
