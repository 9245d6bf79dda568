using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Testing;

namespace Gateway.Replay;

/// <summary>The grants of one role that no recorded call has needed so far.</summary>
internal sealed class UnusedGrants
{
    /// <summary>Taking these away does not refuse more, or by other numbers than nothing: see <see cref="Limits"/>.</summary>
    private static readonly string[] NotByTakingAway = ["user", "memory", "cpus", "pids", "shm-size"];

    private readonly AccessPolicy policy;
    private readonly Role role;
    private readonly IReadOnlyList<KeyValuePair<string, string>> askedLabels;
    private readonly HashSet<string> shapes = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<(string Key, string Value), Func<Grants, Grants>>> left;

    public UnusedGrants(AccessPolicy policy, Role role)
    {
        (this.policy, this.role, askedLabels) = (policy, role, Replayer.AskedLabels(policy));
        var grants = role.Grants!;

        // A pattern without a tag is one value of the file and two patterns: of tags and of digests.
        left =
        [
            .. GrantPieces.Of(grants).Where(piece => !NotByTakingAway.Contains(piece.Key)).Concat(Limits(grants))
                .GroupBy(piece => (piece.Key, Value: piece.Key.EndsWith("images", StringComparison.Ordinal) ? Untagged(piece.Value) : piece.Value))
                .Select(group => KeyValuePair.Create(group.Key, (Func<Grants, Grants>)(g => group.Aggregate(g, (without, piece) => piece.Without(without))))),
        ];
    }

    public IEnumerable<(string Key, string Value)> Left => left.Select(entry => entry.Key);

    public void Add(RecordedCall call)
    {
        if (left.Count == 0 || call.Objects is null || call.IsCut || !shapes.Add($"{call.User}\n{CallShape.Of(call)}") || call.Read() is not { Refusal: null, Operation: not null } request)
        {
            return;
        }

        var caller = EffectiveRoles.Find(call.Identity, policy) ?? new Caller(call.User ?? "", [], []);
        var (body, facts) = (call.BodyWith(askedLabels), call.Facts(askedLabels, call.WasAdministrator));
        bool IsAllowed(IEnumerable<KeyValuePair<(string Key, string Value), Func<Grants, Grants>>> without)
        {
            try
            {
                var decision = PolicyEvaluator.Decide(caller with { Roles = [role with { Grants = without.Aggregate(role.Grants!, (grants, piece) => piece.Value(grants)) }] }, request, body, facts).Decision;
                return decision.Allowed || call.LeavesOut(decision.Fields);
            }
            catch (RequestRefusedException)
            {
                return false;
            }
        }

        // Fewer grants never allow more: what is still allowed without all of them needs none of them.
        if (IsAllowed(left) || !IsAllowed([]))
        {
            return;
        }

        var enough = left.Where(piece => IsAllowed(left.Where(other => other.Key != piece.Key))).ToList();
        foreach (var piece in enough.Count > 0 ? enough : [.. left.Where(piece => !IsAllowed([piece]))])
        {
            left.Remove(piece);
        }
    }

    /// <summary>A limit is used where somebody asked for more than a role has without it.</summary>
    private static IEnumerable<GrantPiece> Limits(Grants grants)
    {
        if (grants.Memory.Max > Limit.DefaultMemory.Max)
        {
            yield return new("memory", null, g => g with { Memory = Limit.DefaultMemory });
        }

        if (grants.Cpus.Max > Limit.DefaultCpus.Max)
        {
            yield return new("cpus", null, g => g with { Cpus = Limit.DefaultCpus });
        }

        if (grants.Pids.Max > Limit.DefaultPids.Max)
        {
            yield return new("pids", null, g => g with { Pids = Limit.DefaultPids });
        }

        if (grants.ShmSize is not null)
        {
            yield return new("shm-size", null, g => g with { ShmSize = null });
        }
    }

    private static string Untagged(string pattern) => pattern.EndsWith(":*", StringComparison.Ordinal) || pattern.EndsWith("@*", StringComparison.Ordinal) ? pattern[..^2] : pattern;
}
