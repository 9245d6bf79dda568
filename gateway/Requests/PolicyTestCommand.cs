using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Cases;
using Gateway.Wire;

namespace Gateway.Requests;

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

    private static Decision Decide(PolicyTestCase test, AccessPolicy policy)
    {
        var body = test.Body is null ? [] : Encoding.UTF8.GetBytes(test.Body);
        List<RequestHeader> heads = [.. test.Headers.Select(head => new RequestHeader(head.Key, head.Value))];
        if (body.Length > 0 && !heads.Exists(head => head.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)))
        {
            heads.Add(new RequestHeader("Content-Type", "application/json"));
        }

        var request = RequestReader.Read(new RequestHead(test.Method, test.Target, heads, body.Length, false));
        IReadOnlyList<Role> roles = test.Roles is { } named
            ? [.. named.Select(name => policy.Roles[name])]
            : [.. policy.Users[test.User].Roles.Select(name => policy.Roles[name])];
        try
        {
            if (request.Refusal is { } refusal)
            {
                throw refusal;
            }

            var objects = RequestReferences.Of(request, body).Distinct().ToDictionary(reference => reference, reference => Object(reference, test));
            return PolicyEvaluator.Preview(roles, request) ?? PolicyEvaluator.Decide(test.User, roles, request, body, objects, _ => null).Decision;
        }
        catch (RequestRefusedException e)
        {
            return Decision.Deny(DenyReason.MalformedRequest, e.Status, e.Message, e.Field is { } field ? [field] : []);
        }
    }

    /// <summary>What an engine would know: the built-in networks are nobody's, images carry the name that was asked for.</summary>
    private static EngineObject? Object(ObjectReference reference, PolicyTestCase test)
    {
        if (test.Owner == CaseOwner.Absent)
        {
            return null;
        }

        var builtIn = reference.Kind == ObjectKind.Network && reference.Name is "bridge" or "none" or "host";
        var owner = builtIn ? null : test.Owner == CaseOwner.Mine ? test.User : test.User + "-other";
        var labels = owner is null || reference.Kind == ObjectKind.Image ? [] : new Dictionary<string, string> { [OwnerLabel.Name] = owner };
        using var raw = JsonDocument.Parse("{}");
        return new EngineObject(reference.Kind, new string('a', 64), reference.Name, labels.GetValueOrDefault(OwnerLabel.Name), labels, raw.RootElement.Clone())
        {
            ImageNames = ImageReference.TryParse(reference.Name, out var image) ? [image.Canonical] : [],
        };
    }
}
