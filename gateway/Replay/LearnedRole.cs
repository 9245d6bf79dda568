using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Ask;

namespace Gateway.Replay;

/// <summary>A rule that was learned: its operations with how often each was seen.</summary>
internal sealed record LearnedRule(Selector On, ObjectKind Kind, IReadOnlyDictionary<string, SeenUse> Operations);

/// <summary>
/// Adds up what each recorded call needs, and leaves out again what others cover: taking any rule or grant from what remains
/// would refuse something that was seen.
/// </summary>
internal sealed class LearnedRole
{
    private const int NamesThatStandForAll = 10;
    private readonly Dictionary<string, SeenNeed?> shapes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(SelectorKind Kind, string Pattern, ObjectKind Object), SortedDictionary<string, SeenUse>> rules = [];
    private readonly Dictionary<(string Key, string Yaml), (GrantWish Wish, SeenUse Use)> grants = [];
    private readonly Dictionary<(ObjectKind Object, string Operation), HashSet<string>> ownNames = [];
    private readonly SortedDictionary<long, long> busiest = [];

    /// <summary>A role's grants before anything was seen.</summary>
    public static Grants NoGrants { get; } = new() { NonRoot = true, Registries = [] };

    public long Seen { get; private set; }

    /// <summary>Calls of which the records do not hold enough.</summary>
    public long Unreadable { get; private set; }

    public RootNeed Root { get; private set; }

    /// <summary>The operation that <see cref="Root"/> comes from.</summary>
    public string? RootBy { get; private set; }

    /// <summary>The most requests within one second.</summary>
    public long Busiest => busiest.Count == 0 ? 0 : busiest.Values.Max();

    /// <summary>Whether a process was started, so that it is known as whom.</summary>
    public bool SawProcesses { get; private set; }

    public IReadOnlyCollection<(GrantWish Wish, SeenUse Use)> Entries => grants.Values;

    public Grants Grants => Sum(grants.Values.Select(entry => entry.Wish));

    /// <summary>Whether some registry is not one of the granted images', which need no saying.</summary>
    public bool NeedsRegistries => Grants is var all && all.Registries!.Except(all.NamedRegistries).Any();

    public void Add(RecordedCall call)
    {
        var key = CallShape.Of(call);
        if (!shapes.TryGetValue(key, out var need))
        {
            shapes[key] = need = SeenNeed.Of(call);
        }

        if (need is null)
        {
            Unreadable++;
            return;
        }

        Seen++;
        var second = call.Time.ToUnixTimeSeconds();
        busiest[second] = busiest.GetValueOrDefault(second) + 1;
        if (busiest.Count > 1000)
        {
            // Only the busiest second counts.
            var most = busiest.MaxBy(entry => entry.Value);
            busiest.Clear();
            busiest[most.Key] = most.Value;
        }

        if (need.Root > Root)
        {
            (Root, RootBy) = (need.Root, need.Operation.Name);
        }

        SawProcesses |= need.Operation.Name is "ContainerCreate" or "ContainerExec" or "ExecStart" or "ImageBuild";
        var rule = (need.On.Kind, need.On.Pattern ?? "", need.Operation.Object);
        (rules.TryGetValue(rule, out var uses) ? uses : rules[rule] = new(StringComparer.Ordinal)).Use(need.Operation.Name).Add(call.Time);
        if (need.On.Kind == SelectorKind.Own)
        {
            NoteName((need.Operation.Object, need.Operation.Name), call);
        }

        foreach (var wish in need.Grants)
        {
            if (!grants.TryGetValue((wish.Key, wish.Yaml), out var entry))
            {
                grants[(wish.Key, wish.Yaml)] = entry = (wish, new SeenUse());
            }

            entry.Use.Add(call.Time);
        }
    }

    private void NoteName((ObjectKind, string) key, RecordedCall call)
    {
        var names = ownNames.TryGetValue(key, out var known) ? known : ownNames[key] = new(StringComparer.Ordinal);
        if (names.Count <= NamesThatStandForAll)
        {
            var subject = call.Objects?.FirstOrDefault(found => found.Reference == call.Subject);
            names.UnionWith(call.Subject is null ? [""] : subject?.Owner == call.User ? [subject!.Name] : []);
        }
    }

    /// <summary>The rules, each operation in the one that reaches furthest; many single names of others' objects become all of them.</summary>
    public IReadOnlyList<LearnedRule> Rules()
    {
        var crowded = rules.Keys.Where(key => key.Kind == SelectorKind.Name).GroupBy(key => key.Object).Where(group => group.Count() > NamesThatStandForAll).Select(group => group.Key).ToHashSet();
        var merged = new SortedDictionary<(SelectorKind Kind, string Pattern, ObjectKind Object), SortedDictionary<string, SeenUse>>();

        // From the widest on, so that what reaches all of a kind is known before what reaches some.
        foreach (var (key, uses) in rules.OrderByDescending(entry => Width(entry.Key.Kind)))
        {
            foreach (var (operation, use) in uses)
            {
                var all = (SelectorKind.All, "", key.Object);
                var covered = merged.GetValueOrDefault(all)?.ContainsKey(operation) == true || (key.Kind == SelectorKind.Name && crowded.Contains(key.Object));
                var to = covered ? all : key.Kind == SelectorKind.Own && ByName(key.Object, operation, merged) is { } named ? (SelectorKind.Name, named, key.Object) : key;
                (merged.TryGetValue(to, out var known) ? known : merged[to] = new(StringComparer.Ordinal)).Use(operation).Join(use);
            }
        }

        return [.. merged.Select(entry => new LearnedRule(new Selector(entry.Key.Kind, Pattern: entry.Key.Pattern.Length == 0 ? null : entry.Key.Pattern), entry.Key.Object, entry.Value))];
    }

    private static int Width(SelectorKind kind) => kind switch { SelectorKind.All => 2, SelectorKind.Name => 1, _ => 0 };

    /// <summary>A name by whose rule everything is allowed that the operation was seen on as an own object's; null where there is none.</summary>
    private string? ByName(ObjectKind kind, string operation, SortedDictionary<(SelectorKind Kind, string Pattern, ObjectKind Object), SortedDictionary<string, SeenUse>> merged)
    {
        var named = merged.Where(entry => entry.Key.Kind == SelectorKind.Name && entry.Key.Object == kind && entry.Value.ContainsKey(operation)).Select(entry => entry.Key.Pattern).ToList();
        if (named.Count == 0 || ownNames.GetValueOrDefault((kind, operation))?.All(named.Contains) == false)
        {
            return null;
        }

        // Shared networks are reached by their grant, whatever object the rule is about.
        var rule = new Rule("seen", RuleEffect.Allow, new HashSet<EngineOperation> { OperationCatalogue.Get(operation) }, new Selector(SelectorKind.Name, Pattern: named[0]), null);
        return shapes.Values.OfType<SeenNeed>().Where(need => need.On.Kind == SelectorKind.Own && need.Operation.Name == operation && !need.IsOwn).All(need => need.IsAllowedBy(new Role("seen", null, need.Root != RootNeed.None, [rule], need.Root == RootNeed.NoGrants ? null : Grants)))
            ? named[0]
            : null;
    }

    /// <summary>Takes out each grant without which everything that was seen is still allowed.</summary>
    public void LeaveOutWhatOthersCover()
    {
        var needs = shapes.Values.OfType<SeenNeed>().Where(need => need.Grants.Count > 0).ToList();
        var (rules, removed) = (Rules(), new HashSet<(string, string)>());
        foreach (var key in grants.Keys.ToList())
        {
            var fewer = RoleOf(rules, Sum(grants.Where(entry => entry.Key != key).Select(entry => entry.Value.Wish)));
            if (needs.Where(need => need.Grants.Any(wish => (wish.Key, wish.Yaml) == key || removed.Contains((wish.Key, wish.Yaml)))).All(need => need.IsAllowedBy(fewer)))
            {
                grants.Remove(key);
                removed.Add(key);
            }
        }
    }

    private Role RoleOf(IReadOnlyList<LearnedRule> rules, Grants grants) => new(
        "seen",
        null,
        Root != RootNeed.None,
        [.. rules.Select((rule, i) => new Rule($"{i}", RuleEffect.Allow, rule.Operations.Keys.Select(OperationCatalogue.Get).ToHashSet(), rule.On, null))],
        Root == RootNeed.NoGrants ? null : grants);

    private static Grants Sum(IEnumerable<GrantWish> wishes) => wishes.Aggregate(NoGrants, (sum, wish) => wish.Add(sum));
}
