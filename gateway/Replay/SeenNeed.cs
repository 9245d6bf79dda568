using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Ask;

namespace Gateway.Replay;

/// <summary>What a role has to be for a request; each includes the one before.</summary>
internal enum RootNeed
{
    None,

    /// <summary>It has to say <c>root-equivalent: true</c>.</summary>
    Mark,

    /// <summary>It cannot have grants, which no value of them would be enough for.</summary>
    NoGrants,
}

/// <summary>
/// The least that a role needs for one recorded call, found out by asking the evaluator: the narrowest selector of a rule, and
/// those grants of which none can be left out.
/// </summary>
internal sealed class SeenNeed
{
    private static readonly RootNeed[] Steps = [RootNeed.None, RootNeed.Mark, RootNeed.NoGrants];
    private readonly RecordedCall call;
    private readonly EngineRequest request;
    private readonly RequestFacts facts;

    private SeenNeed(RecordedCall call, EngineRequest request, RequestFacts facts) => (this.call, this.request, this.facts) = (call, request, facts);

    public EngineOperation Operation => request.Operation!;

    /// <summary>Whether the object in the path is the caller's own.</summary>
    public bool IsOwn => request.Name is { } name && facts.Find(Operation.PathKind, name)?.Owner == call.User;

    /// <summary>Whose object a rule has to reach.</summary>
    public Selector On { get; private set; } = Selector.Own;

    public IReadOnlyList<GrantWish> Grants { get; private set; } = [];

    public RootNeed Root { get; private set; }

    /// <summary>Null for a call that its record does not hold, or that no role allows by what it holds.</summary>
    public static SeenNeed? Of(RecordedCall call)
    {
        if (call.Objects is null || call.IsCut || call.User is null || call.Read() is not { Operation: not null, Refusal: null } request)
        {
            return null;
        }

        var need = new SeenNeed(call, request, call.Facts([], call.WasAdministrator));
        try
        {
            return need.Find() ? need : null;
        }
        catch (RequestRefusedException)
        {
            return null;
        }
    }

    /// <summary>Whether a role lets the call through, as far as the record can tell: what it leaves out is taken for granted.</summary>
    public bool IsAllowedBy(Role role)
    {
        var decision = PolicyEvaluator.Decide(new Caller(call.User!, [role], []), request, call.Body, facts).Decision;
        return decision.Allowed || call.LeavesOut(decision.Fields);
    }

    private bool Find()
    {
        var wishes = GrantWishes.Of(request, call.Body, facts).DistinctBy(wish => (wish.Key, wish.Yaml)).ToList();
        foreach (var root in Steps)
        {
            foreach (var on in Selectors())
            {
                if (IsAllowedBy(RoleWith(on, wishes, root)))
                {
                    (On, Root, Grants) = (on, root, root == RootNeed.NoGrants ? [] : Fewest(on, wishes, root));
                    return true;
                }
            }
        }

        return false;
    }

    private List<GrantWish> Fewest(Selector on, List<GrantWish> wishes, RootNeed root)
    {
        foreach (var wish in wishes.ToList())
        {
            List<GrantWish> fewer = [.. wishes.Where(other => !ReferenceEquals(other, wish))];
            wishes = IsAllowedBy(RoleWith(on, fewer, root)) ? fewer : wishes;
        }

        return wishes;
    }

    private Role RoleWith(Selector on, IEnumerable<GrantWish> wishes, RootNeed root) => new(
        "seen",
        null,
        root != RootNeed.None,
        [new Rule("seen", RuleEffect.Allow, new HashSet<EngineOperation> { Operation }, on, null)],
        root == RootNeed.NoGrants ? null : wishes.Aggregate(LearnedRole.NoGrants, (grants, wish) => wish.Add(grants)));

    private IEnumerable<Selector> Selectors()
    {
        yield return Selector.Own;
        if (request.Name is { } name && Operation.PathKind != ObjectKind.Exec && facts.Find(Operation.PathKind, name) is { } subject && ObjectName.IsValid(subject.Name))
        {
            yield return new Selector(SelectorKind.Name, Pattern: subject.Name);
        }

        yield return Selector.All;
    }
}
