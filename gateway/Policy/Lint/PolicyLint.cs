using Gateway.Policy.Files;

namespace Gateway.Policy.Lint;

/// <summary>Looks for what is valid and doubtful: nothing here keeps a policy from loading.</summary>
internal static class PolicyLint
{
    /// <summary>In the order of the files and the places in them.</summary>
    public static IReadOnlyList<LintFinding> Of(AccessPolicy policy) =>
    [
        .. policy.Roles.Values.SelectMany(role => OfRole(policy, role))
            .Concat(policy.Users.Values.SelectMany(user => OfUser(policy, user)))
            .Concat(policy.Groups.Values.SelectMany(group => OfGroup(policy, group)))
            .OrderBy(finding => finding.At).ThenBy(finding => finding.Rule, StringComparer.Ordinal),
    ];

    private static IEnumerable<LintFinding> OfRole(AccessPolicy policy, Role role)
    {
        SourcePosition At(params string[] path) => policy.Places.Of(["roles", role.Name, .. path]) ?? default;
        if (!policy.Users.Values.Any(user => user.Roles.Contains(role.Name)) && !policy.Groups.Values.Any(group => group.Roles.Contains(role.Name)))
        {
            yield return new(At(), "unused-role", $"no user and no group has role \"{role.Name}\"");
        }

        if (role.Rules.Count == 0)
        {
            yield return new(At("rules"), "empty-role", $"role \"{role.Name}\" has no rule and allows nothing");
        }

        foreach (var finding in role.Rules.SelectMany(rule => RuleLint.Of(role, rule, At("rules", rule.Id))).Concat(GrantLint.Of(role, At)))
        {
            yield return finding;
        }
    }

    private static IEnumerable<LintFinding> OfUser(AccessPolicy policy, PolicyUser user)
    {
        var at = policy.Places.Of("users", user.Name) ?? default;
        var groups = policy.Groups.Values.Where(group => group.Members.Contains(user.Name)).ToList();
        if (user.Roles.Count == 0 && groups.Count == 0)
        {
            yield return new(at, "user-without-role", $"user \"{user.Name}\" has no role and may do nothing");
        }

        foreach (var role in user.Roles.GroupBy(role => role).Where(same => same.Count() > 1))
        {
            yield return new(at, "duplicate", $"user \"{user.Name}\" has role \"{role.Key}\" twice");
        }

        foreach (var group in groups)
        {
            foreach (var role in group.Roles.Where(user.Roles.Contains))
            {
                yield return new(at, "duplicate", $"user \"{user.Name}\" has role \"{role}\" by group \"{group.Name}\" already");
            }
        }

        var roles = user.Roles.Concat(groups.SelectMany(group => group.Roles)).Select(policy.Roles.GetValueOrDefault).OfType<Role>().ToList();
        if (roles.Count > 0 && !roles.Exists(role => role.Rules.Any(rule => rule.Effect == RuleEffect.Allow && rule.Operations.Any(o => o.Name is "SystemPing" or "SystemPingHead"))))
        {
            yield return new(at, "no-ping", $"no role of user \"{user.Name}\" allows SystemPing and SystemPingHead, which the docker client asks first");
        }
    }

    private static IEnumerable<LintFinding> OfGroup(AccessPolicy policy, PolicyGroup group)
    {
        var at = policy.Places.Of("groups", group.Name) ?? default;
        if (group.Roles.Count == 0)
        {
            yield return new(at, "group-without-role", $"group \"{group.Name}\" has no role and changes nothing");
        }

        if (group.Members.GroupBy(member => member).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return new(at, "duplicate", $"group \"{group.Name}\" lists \"{twice.Key}\" twice");
        }

        if (policy.Places.Exactly("groups", group.Name, "organization") is null && policy.Places.Exactly("groups", group.Name, "unix-group") is null && group.Members.Count == 0)
        {
            yield return new(at, "empty-group", $"group \"{group.Name}\" has no members, no organization and no unix-group");
        }
    }
}
