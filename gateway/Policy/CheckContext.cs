using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy.Checks;

namespace Gateway.Policy;

/// <summary>
/// One role looking at one request: what it grants, the objects that the request names, and what the checks found.
/// Checks read and write the document; nothing here does I/O.
/// </summary>
internal sealed class CheckContext(Caller caller, Role role, EngineRequest request, RequestFacts facts, ObjectScope scope)
{
    private const int MaxShown = 120;
    private const int MaxGranted = 20;
    private readonly List<Decision> refusals = [];
    private readonly List<string?> refusedBy = [];

    public string User => caller.User;

    public Role Role => role;

    public EngineRequest Request => request;

    /// <summary>What was looked up before.</summary>
    public RequestFacts Facts => facts;

    /// <summary>The objects of the operation's own kind that this role may touch.</summary>
    public ObjectScope Scope => scope;

    /// <summary>The objects that this role may touch with another operation, for what an answer tells of them by the way.</summary>
    public ObjectScope ScopeOf(string operation) => ObjectScope.Of(caller, role, OperationCatalogue.Get(operation));

    /// <summary>A root-equivalent role without grants is not limited by any.</summary>
    public bool Unlimited => role.Grants is null;

    public Grants Grants { get; } = role.Grants ?? new Grants();

    /// <summary>True where a rule is about everybody's objects.</summary>
    public bool AllObjects => scope.All;

    /// <summary>The query as it will be forwarded.</summary>
    public EngineQuery Query { get; set; } = request.Query;

    /// <summary>The registry credentials as they will be forwarded, or null.</summary>
    public RegistryAuth? RegistryAuth { get; set; } = request.RegistryAuth;

    /// <summary>The image that a container is made of, as the engine knows it; null where it knows none.</summary>
    public EngineObject? Image { get; set; }

    /// <summary>Named volumes that the request would bring into being: made first, with their owner (I42).</summary>
    public List<string> VolumesToCreate { get; } = [];

    /// <summary>The archive that is streamed into a container is looked at entry by entry (Rule B8).</summary>
    public bool ScansArchive { get; set; }

    /// <summary>The first refusal, or null.</summary>
    public Decision? Refusal => refusals.Count == 0 ? null : refusals[0];

    /// <summary>All that the checks refused, in their order.</summary>
    public IReadOnlyList<Decision> Refusals => refusals;

    /// <summary>The check that is running: refusals name its grant, and who asks is told which one refused.</summary>
    public Check? Running { get; set; }

    /// <summary>For each of <see cref="Refusals"/> the check that spoke it; null for what is judged beside the catalogue.</summary>
    public IReadOnlyList<string?> RefusedBy => refusedBy;

    /// <summary>What the role grants does not hold the value: the message names value, role, what is granted, the field and the policy's key.</summary>
    /// <param name="what">The thing in words, <c>bind source</c>.</param>
    /// <param name="key">The key that would hold it, where that is not the running check's.</param>
    public void NoGrant(string field, string what, string value, IEnumerable<string> granted, string? key = null)
    {
        var some = string.Join(", ", granted.SelectMany(Expand).Take(MaxGranted));
        Refuse403(field, $"no grant for {what} \"{Shown(value)}\" in role \"{role.Name}\"; granted: {(some.Length == 0 ? "none" : some)} ({request.Operation!.Name}, field {field}{((key ?? Running?.Grant) is { } said ? $", grants.{said}" : "")})");
    }

    /// <summary>A value that no grant allows: only a root-equivalent role without grants may ask for it.</summary>
    public void Never(string field, string? value, string why) =>
        Refuse403(field, $"{field}{(string.IsNullOrEmpty(value) ? "" : $" \"{Shown(value)}\"")} is granted to no role that is not root-equivalent: {why} ({request.Operation!.Name}, role \"{role.Name}\")");

    public void Refuse(string field, string message) => Refuse403(field, $"{message} ({request.Operation!.Name}, field {field}, role \"{role.Name}\")");

    public void NotFound(ObjectKind kind, string name) => Add(Decision.NotFound(request.Operation!, kind, name));

    public void Malformed(string field, string message) => Add(Decision.Deny(DenyReason.MalformedRequest, 400, $"{message} (field {field})", field));

    public void Conflict(string field, string message) => Add(Decision.Deny(DenyReason.Conflict, 409, message, field));

    /// <summary>An object that the request names, by its full id.</summary>
    public EngineObject? FindById(ObjectKind kind, string id) => facts.Objects.Where(o => o.Key.Kind == kind && o.Value?.Id == id).Select(o => o.Value).FirstOrDefault();

    public EngineObject? Find(ObjectKind kind, string name) => facts.Find(kind, name);

    /// <summary>
    /// Own, or anybody's under <c>on: all</c>. What a rule selects by label, name or image is the object in the path, or in a list:
    /// such a rule gives no right over a volume or network that a body names, nor over a container that a new one would join.
    /// </summary>
    public bool Owns(EngineObject found) => !scope.Hides(found)
        && (scope.All || found.Owner == User || (found.Kind == request.Operation!.PathKind && (request.Name is not null || request.Operation.Effect == Effect.Read) && scope.Allows(found)));

    /// <summary>Nobody's, or an administrator's: such a network may be shared by its name.</summary>
    public bool MayBeShared(EngineObject found) => found.Owner is null || facts.IsAdministrator(found.Owner);

    /// <summary>The full id of an own object; otherwise the refusal of one that is not there.</summary>
    public string? OwnId(ObjectKind kind, string name)
    {
        if (Find(kind, name) is { } found && Owns(found))
        {
            return found.Id;
        }

        NotFound(kind, name);
        return null;
    }

    /// <summary>What was seen of the host paths that the request names.</summary>
    public HostPathFacts HostPaths => facts.HostPaths;

    /// <summary>The texts that a grant's pattern stands for.</summary>
    public IEnumerable<string> Expand(string pattern) => caller.Expand(pattern);

    /// <summary>A caller's text for a message: on one line, and not long.</summary>
    public static string Shown(string value)
    {
        var text = value.Length > MaxShown ? string.Concat(value.AsSpan(0, MaxShown), "…") : value;
        return text.Any(char.IsControl) ? new string([.. text.Select(c => char.IsControl(c) ? '?' : c)]) : text;
    }

    private void Add(Decision refusal)
    {
        refusals.Add(refusal);
        refusedBy.Add(Running?.Id);
    }

    private void Refuse403(string field, string message) => Add(Decision.Deny(DenyReason.NotGranted, 403, message, field));
}
