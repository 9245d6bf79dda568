using Gateway.EngineApi;
using Gateway.Policy.Files;

namespace Gateway.Policy.Reach;

/// <summary>
/// One role as the audit looks at it: which operations its rules really allow once unconditional denials are taken off, and
/// where in the files each part stands.
/// </summary>
internal sealed class RoleReach
{
    private readonly PolicyPlaces places;
    private readonly List<(EngineOperation Operation, Rule Rule)> abilities;
    private readonly List<Finding> findings = [];

    /// <param name="denied">Operations that other roles of the same user deny.</param>
    public RoleReach(AccessPolicy policy, Role role, IEnumerable<EngineOperation> denied)
    {
        Policy = policy;
        Role = role;
        places = policy.Places;
        var off = UnconditionallyDenied(role).Concat(denied).ToHashSet();
        abilities =
        [
            .. from rule in role.Rules
               where rule.Effect == RuleEffect.Allow
               from operation in rule.Operations
               where !off.Contains(operation) && (role.RootEquivalent || !operation.RootEquivalentOnly)
               select (operation, rule),
        ];
    }

    public AccessPolicy Policy { get; }

    public Role Role { get; }

    /// <summary>The grants, empty for a role that is not limited by any.</summary>
    public Grants Grants => Role.Grants ?? new Grants();

    public bool Unlimited => Role.Grants is null;

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Whether containers can be brought into being with what the grants allow.</summary>
    public bool Creates => Has("ContainerCreate") || Has("ServiceCreate") || Has("ServiceUpdate");

    /// <summary>A deny that no selector can take back: <c>own</c> and <c>all</c> hold for every object (PolicyEvaluator).</summary>
    public static IEnumerable<EngineOperation> UnconditionallyDenied(Role role) => role.Rules
        .Where(rule => rule.Effect == RuleEffect.Deny && rule.On.Kind is SelectorKind.Own or SelectorKind.All)
        .SelectMany(rule => rule.Operations);

    public bool Has(string operation) => abilities.Exists(a => a.Operation.Name == operation);

    /// <summary>The operations among these that reach objects of others, with the rule that says so.</summary>
    public IEnumerable<(EngineOperation Operation, Rule Rule)> OnOthers(params string[] operations) =>
        abilities.Where(a => a.Rule.On.Kind != SelectorKind.Own && (operations.Length == 0 || operations.Contains(a.Operation.Name)));

    public IEnumerable<(EngineOperation Operation, Rule Rule)> All => abilities;

    public SourcePosition? AtRole => places.Of("roles", Role.Name);

    public SourcePosition? AtRule(Rule rule) => places.Of("roles", Role.Name, "rules", rule.Id);

    public SourcePosition? AtGrant(params string[] path) => places.Of(["roles", Role.Name, "grants", .. path]);

    /// <summary>Adds a finding about this role. What reaches root is an error unless the role says that it does.</summary>
    /// <param name="weight">For what does not reach root.</param>
    public void Add(string kind, Extent extent, string subject, SourcePosition? at, string title, string how, string fix, string? needs = null, Weight weight = Weight.Warning) =>
        findings.Add(new Finding
        {
            Kind = kind,
            Extent = extent,
            Weight = Role.RootEquivalent ? Weight.Note : extent == Extent.Root ? Weight.Error : weight,
            Role = Role.Name,
            Subject = subject,
            At = at,
            Title = title,
            How = how,
            Needs = needs,
            Fix = fix,
            Accepted = Role.RootEquivalent,
        });
}
