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

    public void Dispose() => log.Dispose();

    /// <param name="owner">Of every object that the request names; null for none.</param>
    /// <param name="inspect">What the engine's inspect says of each of them.</param>
    public async Task<Decision> AddAsync(string user, string method, string target, string body = "", string? owner = "", string? would = null, string inspect = "{}")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = RequestReader.Read(new RequestHead(method, target, bytes.Length == 0 ? [] : [new RequestHeader("Content-Type", "application/json")], bytes.Length, false));
        var identity = new ClientIdentity(user, [], null, "127.0.0.1:1", null);
        var caller = EffectiveRoles.Find(identity, policy)!;
        var objects = RequestReferences.Of(request, bytes).Distinct().ToDictionary(r => r, r => Object(r, owner == "" ? user : owner, inspect));
        var early = PolicyEvaluator.Preview(caller, request);
        var decision = early ?? PolicyEvaluator.Decide(caller, request, bytes, new RequestFacts { Objects = objects, HostPaths = HostPathFacts.AsGranted }).Decision;
        await log.WriteAsync(new AuditRecord
        {
            Event = "decision",
            Time = Time,
            Id = request.Id,
            User = user,
            Operation = request.Operation!.Name,
            Method = method,
            Path = request.RawPath,
            Decision = decision.Allowed ? "allow" : "deny",
            Role = decision.Role,
            Rule = decision.Rule,
            Reason = decision.Allowed ? null : $"{decision.Reason}: {decision.Detail}",
            Fields = decision.Fields,
            Would = would,
            Input = RecordedInput.Write(identity, request, early is null || would is not null ? new DecisionInputs(bytes, objects) : null, AuditChain.Options),
        });
        return decision;
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
