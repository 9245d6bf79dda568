using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Wire;

namespace Gateway.Tests.Replay.Support;

/// <summary>An audit log as serve writes it: each request is decided by a policy and recorded with its inputs.</summary>
internal sealed class RecordedLog(string path, AccessPolicy policy) : IDisposable
{
    private readonly AuditLog log = AuditLog.Open(path);

    public DateTimeOffset Time { get; set; } = DateTimeOffset.UtcNow;

    /// <summary>Who calls, where it is not whoever holds a certificate of the user's name.</summary>
    public ClientIdentity? Identity { get; set; }

    public void Dispose() => log.Dispose();

    /// <param name="owner">Of every object that the request names; null for none.</param>
    /// <param name="inspect">What the engine's inspect says of each of them.</param>
    public async Task<Decision> AddAsync(string user, string method, string target, string body = "", string? owner = "", string? would = null, string inspect = "{}", params IReadOnlyList<RequestHeader> heads)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = RequestReader.Read(new RequestHead(method, target, [.. bytes.Length == 0 ? [] : new[] { new RequestHeader("Content-Type", "application/json") }, .. heads], bytes.Length, false));
        var identity = Identity ?? new ClientIdentity(user, [], null, "127.0.0.1:1", null);
        var caller = EffectiveRoles.Find(identity, policy)!;
        var (decision, inputs) = Decide(caller, request, bytes, owner == "" ? user : owner, inspect, looksFurther: would is not null);
        await log.WriteAsync(new AuditRecord
        {
            Event = "decision",
            Time = Time,
            Id = request.Id,
            User = user,
            Operation = request.Operation!.Name,
            Method = method,
            Path = request.RawPath,
            Resource = request.Name is null ? null : new AuditResource(request.Operation.Object.ToString().ToLowerInvariant(), null, request.Name, null),
            Decision = decision.Allowed ? "allow" : "deny",
            Role = decision.Role,
            Rule = decision.Rule,
            Reason = decision.Allowed ? null : $"{decision.Reason}: {decision.Detail}",
            Fields = decision.Fields,
            Would = would,
            Input = RecordedInput.Write(identity, request, inputs, AuditChain.Options),
        });
        return decision;
    }

    /// <summary>As serve does: what cannot be read is a denial, and nothing is looked up for an operation that is refused as such.</summary>
    private static (Decision Decision, DecisionInputs? Inputs) Decide(Caller caller, EngineRequest request, byte[] body, string? owner, string inspect, bool looksFurther)
    {
        DecisionInputs? inputs = null;
        try
        {
            if (request.Refusal is { } refusal)
            {
                return (DecisionMiddleware.Refused(refusal).Decision, null);
            }

            if (PolicyEvaluator.Preview(caller, request) is { } early && !looksFurther)
            {
                return (early, null);
            }

            var objects = RequestReferences.Of(request, body).Distinct().ToDictionary(r => r, r => Object(r, owner, inspect));
            foreach (var kept in objects.Values.OfType<EngineObject>().Where(found => found.Kind == ObjectKind.Container).SelectMany(StoredReferences.Of).Where(kept => !objects.ContainsKey(kept)).Distinct().ToList())
            {
                objects[kept] = Object(kept, owner, "{}");
            }

            inputs = new DecisionInputs(body, new RequestFacts { Objects = objects, HostPaths = HostPathFacts.AsGranted });
            return (PolicyEvaluator.Decide(caller, request, body, inputs.Facts).Decision, inputs);
        }
        catch (RequestRefusedException e)
        {
            return (DecisionMiddleware.Refused(e).Decision, inputs);
        }
    }

    private static EngineObject? Object(ObjectReference reference, string? owner, string inspect)
    {
        var builtIn = reference.Kind == ObjectKind.Network && reference.Name is "bridge" or "none" or "host";
        var mine = builtIn || reference.Kind == ObjectKind.Image ? null : owner;
        var labels = mine is null ? [] : new Dictionary<string, string> { [OwnerLabel.Name] = mine, ["team"] = "web" };
        using var raw = JsonDocument.Parse(inspect);
        return new EngineObject(reference.Kind, new string('a', 64), reference.Name, mine, labels, raw.RootElement.Clone()) { ImageNames = ImageReference.TryParse(reference.Name, out var image) && reference.Kind == ObjectKind.Image ? [image.Canonical] : [] };
    }
}
