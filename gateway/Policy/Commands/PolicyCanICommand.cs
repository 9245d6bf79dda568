using System.CommandLine;
using System.Text.Json.Nodes;
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
        var format = OutputFormat.Option();
        var (caller, policies, assumptions) = (new CallerOptions(), PolicySource.Option(), new Assumptions());
        var command = new Command("can-i", "Says whether a user may do something, by which rule, or what would have to be granted. Exit code 0 yes, 1 no, 4 undecided.\n\n"
            + "Examples:\n  gateway policy can-i --user alice ContainerStop --path /containers/web/stop\n  gateway policy can-i --user alice ContainerCreate --body create.json\n  gateway policy can-i --user alice -- docker run -v /etc:/etc busybox\n  gateway policy can-i --user alice --format json ContainerCreate")
        {
            what, path, body, policies, format,
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
                return OutputFormat.IsJson(result, format) ? AnswerAsJson(who, requests, assumptions.Read(result), output) : Answer(who, requests, assumptions.Read(result), output);
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
        if (asked.Note is { } note)
        {
            output.WriteLine(note);
        }

        var several = asked.Requests.Count > 1;
        var answers = Decide(caller, asked, facts);
        foreach (var (request, answer) in asked.Requests.Zip(answers))
        {
            if (several)
            {
                output.WriteLine($"{request.Method} {AnswerText.Shown(Familiar(request.Target, asked))}");
            }

            foreach (var line in AnswerText.Of(caller, request, answer))
            {
                output.WriteLine(several ? "  " + line : line);
            }
        }

        var worst = Worst(asked, answers);
        if (several)
        {
            var some = answers.Where(answer => answer.Outcome == worst).Select(answer => answer.Request.Operation?.Name).OfType<string>().Distinct().ToList();
            output.WriteLine(worst switch
            {
                Outcome.Allowed => $"yes: all {answers.Count} requests are allowed",
                Outcome.Denied => $"no: of {answers.Count} requests {string.Join(", ", some)} {(some.Count == 1 ? "is" : "are")} refused",
                _ when some.Count == 0 => "undecided: docker stopped before its end, and might have asked for more",
                _ => $"undecided: of {answers.Count} requests {string.Join(", ", some)} {(some.Count == 1 ? "is" : "are")} not certain",
            });
        }

        return Exit(worst);
    }

    private static int AnswerAsJson(OfflineCaller caller, DockerRequests asked, OfflineFacts facts, TextWriter output)
    {
        var answers = Decide(caller, asked, facts);
        var worst = Worst(asked, answers);
        output.WriteLine(AnswerJson.Text(new JsonObject
        {
            ["outcome"] = AnswerJson.Word(worst),
            ["note"] = asked.Note,
            ["complete"] = asked.Complete,
            ["requests"] = new JsonArray([.. asked.Requests.Zip(answers, (request, answer) => AnswerJson.Of(caller, request, answer))]),
        }));
        return Exit(worst);
    }

    private static List<OfflineAnswer> Decide(OfflineCaller caller, DockerRequests asked, OfflineFacts facts) =>
    [
        .. asked.Requests.Select((request, i) =>
        {
            var made = asked.Created.Where(created => created.Request < i).Select(created => created.Reference);
            return OfflineDecision.Decide(caller, request, facts with { Known = PossibleObjects.Own(made, caller) });
        }),
    ];

    // What the client would have sent besides is not known.
    private static Outcome Worst(DockerRequests asked, List<OfflineAnswer> answers) =>
        answers.Exists(answer => answer.Outcome == Outcome.Denied) ? Outcome.Denied
        : answers.Exists(answer => answer.Outcome == Outcome.Undecided) || !asked.Complete ? Outcome.Undecided
        : Outcome.Allowed;

    private static int Exit(Outcome worst) => worst switch { Outcome.Allowed => PolicyExit.Yes, Outcome.Denied => PolicyExit.No, _ => PolicyExit.Undecided };

    /// <summary>The ids that the recording engine made up, as words.</summary>
    private static string Familiar(string target, DockerRequests asked) => asked.Created.Where(created => created.Reference.Name.Length == 64)
        .Aggregate(target, (text, created) => text.Replace(created.Reference.Name, $"NEW-{created.Reference.Kind.ToString().ToUpperInvariant()}", StringComparison.Ordinal));

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
