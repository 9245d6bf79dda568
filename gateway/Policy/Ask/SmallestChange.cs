using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.Ask;

/// <summary>What has to be added to a role for it to allow a request: nothing that could be left out of it.</summary>
/// <param name="NotGrantable">What would still be refused, whatever is granted; then the addition is not worked out.</param>
internal sealed record SmallestChange(Role Role, bool NeedsRule, IReadOnlyList<GrantWish> Grants, IReadOnlyList<Decision> NotGrantable)
{
    /// <summary>As it would stand in the role.</summary>
    public IEnumerable<string> Yaml(EngineOperation operation)
    {
        if (NeedsRule)
        {
            yield return "rules:";
            yield return $"  - {{id: {RuleId(operation)}, allow: [{operation}]}}";
        }

        if (Grants.Count > 0)
        {
            yield return "grants:";
        }

        foreach (var key in Grants.GroupBy(wish => wish.Key))
        {
            if (!key.First().IsItem)
            {
                foreach (var wish in key)
                {
                    yield return $"  {wish.Key}: {wish.Yaml}{Note(wish)}";
                }

                continue;
            }

            yield return $"  {key.Key}:";
            foreach (var wish in key.DistinctBy(wish => wish.Yaml))
            {
                yield return $"    - {wish.Yaml}{Note(wish)}";
            }
        }
    }

    /// <summary>The smallest addition to one of the caller's roles, or null where none helps.</summary>
    public static SmallestChange? Find(OfflineCaller caller, EngineRequest request, ReadOnlyMemory<byte> body, OfflineWorld world)
    {
        if (request.Operation is not { } operation || request.Refusal is not null)
        {
            return null;
        }

        IReadOnlyList<GrantWish> wishes;
        try
        {
            wishes = GrantWishes.Of(request, body.Span);
        }
        catch (RequestRefusedException)
        {
            return null;
        }

        // Where the operation itself was refused, no object was thought of yet.
        var known = world.Objects.Count > 0 ? world : world with { Objects = PossibleObjects.Mine(RequestReferences.Of(request, body), caller, request) };
        return caller.Roles.Select(role => Find(role, operation, wishes, changed => Verdict(caller, role, changed, request, body, known)))
            .OrderBy(change => change.NotGrantable.Count)
            .ThenBy(change => change.NeedsRule)
            .ThenBy(change => change.Grants.Count(wish => wish.Caution is not null))
            .ThenBy(change => change.Grants.Count)
            .FirstOrDefault();
    }

    private static SmallestChange Find(Role role, EngineOperation operation, IReadOnlyList<GrantWish> wishes, Func<Role, Verdict> decide)
    {
        var needsRule = !role.Rules.Any(rule => rule.Effect == RuleEffect.Allow && rule.Operations.Contains(operation));
        var start = needsRule ? role with { Rules = [.. role.Rules, new Rule(RuleId(operation), RuleEffect.Allow, new HashSet<EngineOperation> { operation }, Selector.Own, null)] } : role;
        List<GrantWish> needed = role.Grants is null ? [] : [.. wishes];
        if (decide(With(start, needed)) is { Decision.Allowed: false } still)
        {
            return new SmallestChange(role, needsRule, [], still.Context?.Refusals is { Count: > 0 } refusals ? refusals : [still.Decision]);
        }

        foreach (var wish in needed.ToList())
        {
            List<GrantWish> fewer = [.. needed.Where(other => !ReferenceEquals(other, wish))];
            if (decide(With(start, fewer)).Decision.Allowed)
            {
                needed = fewer;
            }
        }

        return new SmallestChange(role, needsRule, needed, []);
    }

    private static Role With(Role role, IEnumerable<GrantWish> wishes) =>
        role.Grants is null ? role : role with { Grants = wishes.Aggregate(role.Grants, (grants, wish) => wish.Add(grants)) };

    private static Verdict Verdict(OfflineCaller caller, Role role, Role changed, EngineRequest request, ReadOnlyMemory<byte> body, OfflineWorld world)
    {
        IReadOnlyList<Role> roles = [.. caller.Roles.Select(other => ReferenceEquals(other, role) ? changed : other)];
        return OfflineDecision.Evaluate(caller with { Roles = roles }, request, body, world.Objects, world.HostPathsAreSafe);
    }

    private static string RuleId(EngineOperation operation) =>
        string.Concat(operation.Name.Select((c, i) => char.IsAsciiLetterUpper(c) && i > 0 && !char.IsAsciiLetterUpper(operation.Name[i - 1]) ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    private static string Note(GrantWish wish) => wish.Caution is null ? "" : $"  # {wish.Caution}";
}
