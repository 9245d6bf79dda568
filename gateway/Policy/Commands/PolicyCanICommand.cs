using System.CommandLine;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy.Ask;
using Gateway.Policy.DockerClient;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy can-i</c>: whether a user may do an operation, or what a <c>docker</c> command would do.</summary>
internal static class PolicyCanICommand
{
    private const string Docker = "docker";

    public static Command Create()
    {
        var what = new Argument<string[]>("OPERATION") { Description = "an operation by its operationId, or -- docker ARGUMENTS…", Arity = ArgumentArity.OneOrMore };
        var path = new Option<string>("--path") { Description = "the request's path and query; without it, the smallest ones" };
        var body = new Option<string>("--body") { Description = "file that holds the request's body, - for standard input; without it, the smallest body" };
        var (caller, policies, assumptions) = (new CallerOptions(), PolicySource.Option(), new Assumptions());
        var command = new Command("can-i", "Says whether a user may do something, by which rule, or what would have to be granted. Exit code 0 yes, 1 no, 4 undecided.\n\n"
            + "Examples:\n  gateway policy can-i --user alice ContainerStop --path /containers/web/stop\n  gateway policy can-i --user alice ContainerCreate --body create.json\n  gateway policy can-i --user alice -- docker run -v /etc:/etc busybox")
        {
            what, path, body, policies,
        };
        caller.AddTo(command);
        assumptions.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (PolicySource.Load(result.GetRequiredValue(policies), error) is not { } policy)
            {
                return PolicyExit.Invalid;
            }

            try
            {
                var who = caller.Read(result, policy);
                var words = result.GetRequiredValue(what);
                var requests = words[0] == Docker
                    ? await DockerLine.RequestsAsync(words[1..], cancellationToken)
                    : new DockerRequests([Request(words, result.GetValue(path), result.GetValue(body), who)], []);
                return Answer(who, requests, assumptions.Read(result), output);
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"gateway: {e.Message}");
                return PolicyExit.Usage;
            }
        });
        return command;
    }

    /// <summary>Prints the answer to each request; the worst of them is the exit code.</summary>
    public static int Answer(OfflineCaller caller, DockerRequests asked, OfflineFacts facts, TextWriter output)
    {
        var requests = asked.Requests;
        var outcomes = new List<Outcome>();
        if (asked.Note is { } note)
        {
            output.WriteLine(note);
        }

        foreach (var (i, request) in requests.Index())
        {
            var made = asked.Created.Where(created => created.Request < i).Select(created => created.Reference);
            var answer = OfflineDecision.Decide(caller, request, facts with { Known = PossibleObjects.Own(made, caller) });
            outcomes.Add(answer.Outcome);
            if (requests.Count > 1)
            {
                output.WriteLine($"{request.Method} {AnswerText.Shown(request.Target)}");
            }

            foreach (var line in AnswerText.Of(caller, request, answer))
            {
                output.WriteLine(requests.Count > 1 ? "  " + line : line);
            }
        }

        if (!asked.Complete)
        {
            // What the client would have sent besides is not known.
            outcomes.Add(Outcome.Undecided);
        }

        var worst = outcomes.Contains(Outcome.Denied) ? Outcome.Denied : outcomes.Contains(Outcome.Undecided) ? Outcome.Undecided : Outcome.Allowed;
        if (requests.Count > 1)
        {
            output.WriteLine(worst switch { Outcome.Allowed => "yes", Outcome.Denied => "no", _ => "undecided" } + $": {requests.Count} requests");
        }

        return worst switch { Outcome.Allowed => PolicyExit.Yes, Outcome.Denied => PolicyExit.No, _ => PolicyExit.Undecided };
    }

    private static OfflineRequest Request(string[] words, string? path, string? bodyFile, OfflineCaller caller)
    {
        if (words.Length > 1)
        {
            throw new FormatException($"one operation at a time, not \"{words[1]}\" too; to ask about a docker command write: -- docker …");
        }

        var operation = OperationCatalogue.Find(words[0])
            ?? throw new FormatException($"unknown operation \"{words[0]}\"{Spelling.Hint(words[0], OperationCatalogue.All.Select(o => o.Name))}");
        var body = bodyFile is null ? null : bodyFile == "-" ? Console.In.ReadToEnd() : File.ReadAllText(bodyFile);
        return OperationRequest.Of(operation, path, body, SampleImage.For(caller));
    }
}
