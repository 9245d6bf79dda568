using System.CommandLine;
using Gateway.Offline;
using Gateway.Policy.Ask;
using Gateway.Replay;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy explain</c>: each step of one decision.</summary>
internal static class PolicyExplainCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--request") { Description = "file with METHOD and target, heads, an empty line and the body; or one audit record", Required = true };
        var format = OutputFormat.Option();
        var (caller, policies, assumptions) = (new CallerOptions(required: false), PolicySource.Option(), new Assumptions());
        var command = new Command("explain", "Shows each step of the decision on a request. Exit code 0 allowed, 1 denied, 4 undecided.\n\nExample:\n  gateway policy explain --user alice --request create.http\n  gateway audit-log query --id 4f1c… --format json > record.json && gateway policy explain --request record.json")
        {
            file, policies, format,
        };
        caller.AddTo(command);
        assumptions.AddTo(command);
        command.SetAction(result =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (PolicySource.Load(result.GetRequiredValue(policies), error) is not { } policy)
            {
                return PolicyExit.Invalid;
            }

            try
            {
                var read = RequestFile.Read(result.GetRequiredValue(file), Replayer.AskedLabels(policy));
                return Run(policy, caller.Read(result, policy, read), read, assumptions.Read(result), output, OutputFormat.IsJson(result, format));
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"gateway: {e.Message}");
                return PolicyExit.Usage;
            }
        });
        return command;
    }

    public static int Run(AccessPolicy policy, OfflineCaller caller, RequestFile file, OfflineFacts facts, TextWriter output, bool json = false)
    {
        var answer = OfflineDecision.Decide(caller, file.Request, facts with { Known = file.Known, HostPathsAreSafe = facts.HostPathsAreSafe ?? file.HostPathsAreSafe });
        if (json)
        {
            var written = Explanation.Json(policy, caller, file.Request, answer);
            written["record"] = AnswerJson.Strings(file.Remarks);
            output.WriteLine(AnswerJson.Text(written));
        }
        else
        {
            foreach (var remark in file.Remarks)
            {
                output.WriteLine($"   record   {AnswerText.Shown(remark)}");
            }

            foreach (var line in Explanation.Of(policy, caller, file.Request, answer))
            {
                output.WriteLine(line);
            }
        }

        return answer.Outcome switch { Outcome.Allowed => PolicyExit.Yes, Outcome.Denied => PolicyExit.No, _ => PolicyExit.Undecided };
    }
}
