using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.Diff;

/// <summary>
/// What each caller gains from one policy to the next. A right is one role's rule together with the same role's grants; rights of
/// two roles never mix. So nothing is gained where each new right lies within one old one and no deny went away: that is compared
/// as sets, over all operations and every value that the grants name. What is not within is looked for as a request that the new
/// policy allows and the old one does not; only where neither is found, nothing is claimed.
/// </summary>
internal static class RightsDiff
{
    private const int MostCombined = 4;

    /// <summary>Everybody who can be told apart: each user, and nobody in particular, with each set of O values or local groups that groups go by.</summary>
    public static IReadOnlyList<(string Name, Membership Membership)> Callers(AccessPolicy old, AccessPolicy now)
    {
        var groups = old.Groups.Values.Concat(now.Groups.Values).ToList();
        List<Membership> sets =
        [
            Membership.None,
            .. Sets(groups.Select(group => group.Organization)).Select(set => new Membership(set, [])),
            .. Sets(groups.Select(group => group.UnixGroup)).Select(set => new Membership([], set)),
        ];
        var names = Names(old).Concat(Names(now)).Distinct().Order(StringComparer.Ordinal).ToList();
        return [.. names.SelectMany(name => sets.Select(set => (name, set))), .. sets.Skip(1).Select(set => ("anyone", set))];
    }

    public static IReadOnlyList<RightChange> Gains(AccessPolicy old, AccessPolicy now)
    {
        var found = new List<RightChange>();
        var said = new HashSet<(string, string)>();
        foreach (var (name, membership) in Callers(old, now))
        {
            var (before, after, who) = (OfflineCaller.Find(old, name, membership), OfflineCaller.Find(now, name, membership), name + membership);
            var gains = Gains(before, after, who).Concat(Administrators(old, now, after, who)).ToList();

            // What a user gains is not said again for the same user as a member of a group.
            found.AddRange(gains.Where(gain => membership.IsNone || !said.Contains((name, gain.Role + gain.Text))));
            said.UnionWith(gains.Select(gain => (name, gain.Role + gain.Text)));
        }

        return found;
    }

    /// <summary>Each set of what is there, without the empty one; of many, each alone and all together.</summary>
    private static List<IReadOnlyList<string>> Sets(IEnumerable<string?> marks)
    {
        var all = marks.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        if (all.Count > MostCombined)
        {
            return [.. all.Select(mark => (IReadOnlyList<string>)[mark]), all];
        }

        List<IReadOnlyList<string>> sets = [[]];
        foreach (var mark in all)
        {
            sets.AddRange(sets.Select(set => (IReadOnlyList<string>)[.. set, mark]).ToList());
        }

        return sets[1..];
    }

    private static IEnumerable<string> Names(AccessPolicy policy) => policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members));

    private static IEnumerable<RightChange> Gains(OfflineCaller before, OfflineCaller after, string who)
    {
        if (after.Nobody is not null)
        {
            yield break;
        }

        var old = before.Nobody is null ? before : before with { Roles = [] };
        foreach (var role in after.Roles)
        {
            if (role.RootEquivalent && !old.Roles.Any(other => other.RootEquivalent))
            {
                // A role that is root needs no list of what else it may do.
                yield return new RightChange(who, role.Name, null, [], "all", new MissingGrant("root-equivalent", "true", ByItself: true), true);
                continue;
            }

            foreach (var change in OfRole(old, after, role, who))
            {
                yield return change;
            }
        }
    }

    /// <summary>A network that is granted by its name counts where nobody or an administrator made it: one more of these is one more who may share it.</summary>
    private static IEnumerable<RightChange> Administrators(AccessPolicy old, AccessPolicy now, OfflineCaller caller, string who)
    {
        var more = Names(now).Distinct(StringComparer.Ordinal).Where(name => EffectiveRoles.IsAdministrator(name, now) && !EffectiveRoles.IsAdministrator(name, old)).Order(StringComparer.Ordinal).ToList();
        return more.Count == 0 || caller.Nobody is not null ? []
            : from role in caller.Roles
              from network in role.Grants?.Networks ?? []
              where network is not ("own" or "none" or "bridge")
              select new RightChange(who, role.Name, null, [], "", new MissingGrant("networks", $"{network}, also one that {string.Join(", ", more)} made", ByItself: true), true);
    }

    private static IEnumerable<RightChange> OfRole(OfflineCaller old, OfflineCaller now, Role role, string who)
    {
        var gained = new List<(Rule Rule, EngineOperation Operation, bool Proven)>();
        var grants = new List<(MissingGrant Grant, EngineOperation Operation, bool Proven)>();
        foreach (var operation in OperationCatalogue.All)
        {
            if (now.Roles.SelectMany(r => r.Rules).Any(rule => rule.Effect == RuleEffect.Deny && rule.Operations.Contains(operation) && SelectorCover.DeniesAll(rule.On)))
            {
                continue;
            }

            foreach (var rule in PolicyEvaluator.Rules(role, operation))
            {
                var missing = Covers(old, now, role, rule, operation).OrderBy(list => list.Count).FirstOrDefault();
                if (missing is null)
                {
                    gained.Add((rule, operation, Witness.Exists(old, now, operation, null)));
                }

                grants.AddRange((missing ?? []).Select(grant => (grant, operation, grant.ByItself || Witness.Exists(old, now, operation, grant))));
            }
        }

        foreach (var rule in gained.GroupBy(gain => (gain.Rule, gain.Proven)))
        {
            yield return new RightChange(who, role.Name, rule.Key.Rule.Id, [.. rule.Select(gain => gain.Operation).Distinct()], Ask.Selectors.Text(rule.Key.Rule.On), null, rule.Key.Proven);
        }

        // One request that shows it is enough: a value that is proven for one operation needs no proof for the others.
        foreach (var grant in grants.GroupBy(gain => (gain.Grant.Key, gain.Grant.Text)))
        {
            yield return new RightChange(who, role.Name, null, [.. grant.Select(gain => gain.Operation).Distinct()], "", grant.First().Grant, grant.Any(gain => gain.Proven));
        }
    }

    /// <summary>For each old right that is about all of the new one's objects: what its grants lack. Empty within: not gained.</summary>
    private static IEnumerable<IReadOnlyList<MissingGrant>> Covers(OfflineCaller old, OfflineCaller now, Role role, Rule rule, EngineOperation operation)
    {
        if (!DeniesStay(old, now, rule, operation))
        {
            yield break;
        }

        var isRelevant = RelevantGrants.For(operation);
        foreach (var other in old.Roles.Where(other => other.RootEquivalent || !role.RootEquivalent))
        {
            if (!PolicyEvaluator.Rules(other, operation).Any(holder => SelectorCover.Holds(holder.On, rule.On, operation)))
            {
                continue;
            }

            IEnumerable<MissingGrant> grants = (other.Grants, role.Grants) switch
            {
                (null, _) => [],
                (_, null) => [new MissingGrant("grants", "none: not limited by any", "HostConfig.Privileged", "true")],
                var (before, after) => [.. GrantCover.Missing(UserGrants.Of(before, old.Caller), UserGrants.Of(after, now.Caller)).Where(grant => isRelevant(grant.Key))],
            };
            yield return [.. grants, .. LimitCover.Missing(other, role)];
        }
    }

    /// <summary>Whether whatever an old deny took out of this right, a new one takes out too.</summary>
    private static bool DeniesStay(OfflineCaller old, OfflineCaller now, Rule rule, EngineOperation operation)
    {
        var kept = Denies(now, operation).ToList();
        return Denies(old, operation).All(deny => SelectorCover.AreApart(deny, rule.On, operation)
            || kept.Exists(other => SelectorCover.Denies(other, deny) || SelectorCover.Denies(other, rule.On)));
    }

    private static IEnumerable<Selector> Denies(OfflineCaller caller, EngineOperation operation) =>
        caller.Roles.SelectMany(role => role.Rules).Where(rule => rule.Effect == RuleEffect.Deny && rule.Operations.Contains(operation)).Select(rule => rule.On);
}
