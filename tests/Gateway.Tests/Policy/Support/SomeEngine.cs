using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;
using Gateway.Wire;

namespace Gateway.Tests.Policy.Support;

/// <summary>An engine's objects without an engine: what lookups would have found.</summary>
internal sealed class SomeEngine
{
    private readonly Dictionary<ObjectReference, EngineObject?> objects = [];

    public IReadOnlyList<EngineObject> NetworkUsers { get; init; } = [];

    public static JsonElement Raw(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static EngineObject Container(string name, string? owner, string json = "{}", params (string Key, string Value)[] labels) => Of(ObjectKind.Container, name, owner, json, labels);

    public static EngineObject Of(ObjectKind kind, string name, string? owner, string json = "{}", params (string Key, string Value)[] labels)
    {
        var all = labels.ToDictionary(label => label.Key, label => label.Value);
        if (owner is not null)
        {
            all[OwnerLabel.Name] = owner;
        }

        return new EngineObject(kind, kind == ObjectKind.Volume ? name : new string('a', 64), name, OwnerLabel.Of(all), all, Raw(json));
    }

    /// <summary>A developer's look at a request: own objects, images of Docker Hub's library and the own namespace.</summary>
    public static CheckContext Context(string user, string method, string target)
    {
        var request = RequestReader.Read(new RequestHead(method, target, [], 0, false));
        var grants = new Grants { Images = ["docker.io/library/*", "localhost/${user}/*"], Networks = ["bridge", "own"] };
        var role = new Role("developer", null, false, [new Rule("own", RuleEffect.Allow, new HashSet<EngineOperation> { request.Operation! }, Selector.Own, null)], grants);
        var caller = new Caller(user, [role], []);
        var facts = new RequestFacts { Objects = new Dictionary<ObjectReference, EngineObject?>(), HostPaths = HostPathFacts.None };
        return new CheckContext(caller, role, request, facts, ObjectScope.Of(caller, role, request.Operation!));
    }

    public SomeEngine With(EngineObject found, string? by = null)
    {
        objects[new ObjectReference(found.Kind, by ?? found.Name)] = found;
        return this;
    }

    public Decision Decide(AccessPolicy policy, string user, string method, string target, string? body = null)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        List<RequestHeader> heads = bytes.Length > 0 ? [new RequestHeader("Content-Type", "application/json")] : [];
        var request = RequestReader.Read(new RequestHead(method, target, heads, bytes.Length, false));
        return request.Refusal is { } refusal ? throw refusal : Verdict(policy, user, request, bytes).Decision;
    }

    public Verdict Verdict(AccessPolicy policy, string user, EngineRequest request, ReadOnlyMemory<byte> body) => PolicyEvaluator.Decide(
        EffectiveRoles.Named(user, policy.Users.GetValueOrDefault(user)?.Roles ?? [], policy), request, body, new RequestFacts
        {
            Objects = objects,
            NetworkUsers = NetworkUsers,
            IsAdministrator = name => EffectiveRoles.IsAdministrator(name, policy),
            HostPaths = HostPathFacts.AsGranted,
        });
}
