using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy.Ask;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy who-can OPERATION</c>: the users who may, on what, and the rule that lets each.</summary>
internal static class PolicyWhoCanCommand
{
    private static readonly (AssumedOwner Owner, string Scope)[] Scopes =
        [(AssumedOwner.Other, "anybody's"), (AssumedOwner.Mine, "own"), (AssumedOwner.Unknown, "some, by the rule's selector")];

    public static Command Create()
    {
        var operation = new Argument<string>("OPERATION") { Description = "an operation by its operationId" };
        var fields = new Option<string[]>("--field") { Description = "F=V: a field of the body (HostConfig.Privileged=true) or a query parameter; several times" };
        var (policies, format) = (PolicySource.Option(), OutputFormat.Option());
        var command = new Command("who-can", "Lists the users who may do an operation, and the rule that lets each. Exit code 0 somebody, 1 nobody.\n\n"
            + "Examples:\n  gateway policy who-can ContainerExec\n  gateway policy who-can ContainerCreate --field HostConfig.Privileged=true")
        {
            operation, fields, policies, format,
        };
        command.SetAction(result =>
        {
            var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
            if (PolicySource.Load(result.GetRequiredValue(policies), error) is not { } policy)
            {
                return PolicyExit.Invalid;
            }

            try
            {
                return Run(policy, result.GetRequiredValue(operation), result.GetValue(fields) ?? [], output, OutputFormat.IsJson(result, format));
            }
            catch (FormatException e)
            {
                error.WriteLine($"gateway: {e.Message}");
                return PolicyExit.Usage;
            }
        });
        return command;
    }

    /// <exception cref="FormatException">There is no such operation or field.</exception>
    public static int Run(AccessPolicy policy, string name, IReadOnlyList<string> fields, TextWriter output, bool json = false)
    {
        var operation = OperationCatalogue.Find(name)
            ?? throw new FormatException($"unknown operation \"{name}\"{Spelling.Hint(name, OperationCatalogue.All.Select(o => o.Name))}");
        var given = fields.Select(field => field.Split('=', 2)).ToList();
        if (given.Find(field => field.Length < 2) is { } broken)
        {
            throw new FormatException($"write a field with its value, as in {broken[0]}=VALUE");
        }

        var found = Callers(policy).Select(caller => (Who: caller, By: Rule(caller, operation, given))).Where(entry => entry.By is not null).ToList();
        if (json)
        {
            output.WriteLine(AnswerJson.Text(new JsonObject
            {
                ["operation"] = operation.Name,
                ["fields"] = AnswerJson.Strings(fields),
                ["callers"] = Callers(policy).Count(),
                ["who"] = new JsonArray([.. found.Select(entry => new JsonObject { ["user"] = entry.Who.User, ["role"] = entry.By!.Value.Decision.Role, ["rule"] = entry.By.Value.Decision.Rule, ["on"] = entry.By.Value.Scope })]),
            }));
        }
        else
        {
            foreach (var (who, by) in found)
            {
                output.WriteLine($"{who.User}: {AnswerText.By(by!.Value.Decision)}{(by.Value.Scope is { } scope ? $", on {scope} objects" : "")}");
            }

            output.WriteLine(found.Count == 0 ? $"nobody may {operation}" : $"{found.Count} of {Callers(policy).Count()} may {operation}");
        }

        return found.Count == 0 ? PolicyExit.No : PolicyExit.Yes;
    }

    /// <summary>Everybody whom the policy names, and for each group that goes by certificates or local groups somebody of it.</summary>
    public static IEnumerable<OfflineCaller> Callers(AccessPolicy policy) =>
        policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members)).Distinct().Order(StringComparer.Ordinal)
            .Select(name => OfflineCaller.Find(policy, name))
            .Concat(policy.Groups.Values.Where(group => group.Organization is not null).OrderBy(group => group.Name, StringComparer.Ordinal)
                .Select(group => OfflineCaller.Find(policy, $"anyone-of-{group.Organization}", new Membership([group.Organization!], []))))
            .Concat(policy.Groups.Values.Where(group => group.UnixGroup is not null).OrderBy(group => group.Name, StringComparer.Ordinal)
                .Select(group => OfflineCaller.Find(policy, $"anyone-of-{group.UnixGroup}", new Membership([], [group.UnixGroup!]))))
            .Where(caller => caller.Nobody is null);

    private static (Decision Decision, string? Scope)? Rule(OfflineCaller caller, EngineOperation operation, List<string[]> fields)
    {
        var request = OperationRequest.Of(operation, null, null, SampleImage.For(caller));
        request = fields.Aggregate(request, (before, field) => OperationRequest.With(before, field[0], field[1]));
        foreach (var (owner, scope) in Scopes)
        {
            var answer = OfflineDecision.Decide(caller, request, new OfflineFacts { Objects = owner, HostPathsAreSafe = true });
            if (answer.Worlds.FirstOrDefault(world => world.Decision.Allowed) is { } allowed)
            {
                return (allowed.Decision, allowed.Objects.Keys.Any(o => o.Kind != ObjectKind.Image) ? scope : null);
            }
        }

        return null;
    }
}
