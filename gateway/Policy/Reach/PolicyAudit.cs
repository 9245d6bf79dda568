using Gateway.EngineApi;
using Gateway.Policy.Files;

namespace Gateway.Policy.Reach;

/// <summary>One role in the report.</summary>
/// <param name="ReachesRoot">Whether its grants and rules make it root on the host, whatever it says of itself.</param>
internal sealed record AuditedRole(
    Role Role, SourcePosition? At, Extent Extent, bool ReachesRoot, IReadOnlyList<string> Users, IReadOnlyList<Finding> Findings, IReadOnlyList<PodSecurityControl> PodSecurity, IReadOnlyList<string> Operations);

/// <summary>One user in the report, or the members of a group that certificates name.</summary>
/// <param name="Ways">What reaches beyond the user's own objects, over all of the user's roles.</param>
internal sealed record AuditedUser(string Name, SourcePosition? At, IReadOnlyList<string> Roles, Extent Extent, IReadOnlyList<Finding> Ways, IReadOnlyList<string> Operations, IReadOnlyList<string> Grants, string Certificate);

/// <summary>The whole report.</summary>
internal sealed record AuditReport(string Folder, bool HostWasAsked, IReadOnlyList<AuditedUser> Users, IReadOnlyList<AuditedRole> Roles, IReadOnlyList<Finding> Findings)
{
    public int Errors => Findings.Count(f => f.Weight == Weight.Error);

    public int Warnings => Findings.Count(f => f.Weight == Weight.Warning);

    public bool IsClean => Errors + Warnings == 0;
}

/// <summary>Who can become root on this host, and how: from the policy files and the host alone, without an engine.</summary>
internal static class PolicyAudit
{
    /// <param name="certificates">Null where no PKI folder was named.</param>
    /// <param name="unused">Findings of least privilege, from an audit log.</param>
    public static AuditReport Run(string folder, AccessPolicy policy, HostView host, CertificateView? certificates, IReadOnlyList<Finding> unused)
    {
        var holders = Holders(policy);
        var roles = policy.Roles.Values.OrderBy(role => role.Name, StringComparer.Ordinal)
            .Select(role => Audit(policy, role, host, holders)).ToList();
        var users = holders.Select(holder => Audit(policy, holder, host, certificates, holders)).OrderByDescending(user => user.Extent).ThenBy(user => user.Name, StringComparer.Ordinal).ToList();
        List<Finding> findings =
        [
            .. roles.SelectMany(role => role.Findings),
            .. roles.SelectMany(role => AboutRole(role, policy)),
            .. certificates?.Findings(policy, holders) ?? [],
            .. unused,
        ];
        return new AuditReport(
            folder, host.IsReal, users, roles,
            [.. findings.OrderByDescending(f => f.Weight).ThenByDescending(f => f.Extent).ThenBy(f => f.Role, StringComparer.Ordinal).ThenBy(f => f.Kind, StringComparer.Ordinal).ThenBy(f => f.Subject, StringComparer.Ordinal)]);
    }

    /// <summary>Everybody who can hold a role: users, listed members, and groups whose members only a certificate or the host names.</summary>
    public static IReadOnlyList<Holder> Holders(AccessPolicy policy)
    {
        var names = policy.Users.Keys.Concat(policy.Groups.Values.SelectMany(group => group.Members)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return
        [
            .. names.Select(name => new Holder(
                name,
                [.. (policy.Users.GetValueOrDefault(name)?.Roles ?? []).Concat(policy.Groups.Values.Where(g => g.Members.Contains(name)).SelectMany(g => g.Roles)).Distinct(StringComparer.Ordinal)],
                false,
                [.. policy.Groups.Values.Where(g => g.Members.Contains(name)).Select(g => g.Name)])),
            .. policy.Groups.Values.Where(group => group.Members.Count == 0 || group.Organization is not null || group.UnixGroup is not null).OrderBy(group => group.Name, StringComparer.Ordinal)
                .Select(group => new Holder(group.Name, [.. group.Roles.Distinct(StringComparer.Ordinal)], true, [group.Name])),
        ];
    }

    private static AuditedRole Audit(AccessPolicy policy, Role role, HostView host, IReadOnlyList<Holder> all)
    {
        var holders = all.Where(holder => holder.Roles.Contains(role.Name)).ToList();
        var findings = Look(policy, role, host, [], holders, all);
        var extent = findings.Select(f => f.Extent).Append(Extent.Own).Max();
        var reach = new RoleReach(policy, role, []);
        return new AuditedRole(role, policy.Places.Of("roles", role.Name), extent, extent == Extent.Root, [.. holders.Select(holder => holder.Name)], findings, PodSecurity.Compare(role), Names(reach.All.Select(a => a.Operation)));
    }

    private static AuditedUser Audit(AccessPolicy policy, Holder holder, HostView host, CertificateView? certificates, IReadOnlyList<Holder> all)
    {
        var roles = holder.Roles.Select(policy.Roles.GetValueOrDefault).OfType<Role>().ToList();
        var denied = roles.SelectMany(RoleReach.UnconditionallyDenied).ToHashSet();
        var ways = roles.SelectMany(role => Look(policy, role, host, denied, [holder], all)).Where(f => f.Extent > Extent.Own).ToList();
        return new AuditedUser(
            holder.IsGroup ? $"group {holder.Name}" : holder.Name,
            policy.Places.Of(holder.IsGroup ? "groups" : "users", holder.Name) ?? policy.Places.Of("groups"),
            holder.Roles,
            ways.Select(f => f.Extent).Append(Extent.Own).Max(),
            [.. ways.OrderByDescending(f => f.Extent).ThenBy(f => f.Kind, StringComparer.Ordinal)],
            Names(roles.SelectMany(role => new RoleReach(policy, role, denied).All.Select(a => a.Operation))),
            [.. roles.SelectMany(GrantWords.Of).Distinct(StringComparer.Ordinal)],
            holder.IsGroup ? "" : certificates?.State(holder.Name, policy) ?? "");
    }

    private static List<Finding> Look(AccessPolicy policy, Role role, HostView host, IEnumerable<EngineOperation> denied, IReadOnlyList<Holder> holders, IReadOnlyList<Holder> all)
    {
        var reach = new RoleReach(policy, role, denied);
        OperationPaths.Add(reach);
        NamespacePaths.Add(reach);
        CapabilityPaths.Add(reach);
        DevicePaths.Add(reach, host);
        BindPaths.Add(reach, host, holders);
        SharedBinds.Add(reach, holders, all);
        ImagePaths.Add(reach, holders);
        NetworkPaths.Add(reach);
        LabelPaths.Add(reach);
        LogPaths.Add(reach);
        return [.. reach.Findings.DistinctBy(f => (f.Kind, f.Subject))];
    }

    private static IEnumerable<Finding> AboutRole(AuditedRole role, AccessPolicy policy)
    {
        if (role.Users.Count == 0 && policy.Users.Count + policy.Groups.Count > 0)
        {
            yield return Note(role, "unused-role", "nobody has this role", "No user and no group names it.", "remove it, or give it to somebody");
        }

        if (role.Role.RootEquivalent && !role.ReachesRoot)
        {
            yield return Note(role, "needless-mark", "says root-equivalent: true, and the audit finds no way to root", "The mark lifts the gateway's own limits from the role.", "take root-equivalent out");
        }
    }

    private static Finding Note(AuditedRole role, string kind, string title, string how, string fix) => new()
    {
        Kind = kind,
        Extent = Extent.Own,
        Weight = Weight.Note,
        Role = role.Role.Name,
        Subject = kind,
        At = role.At,
        Title = title,
        How = how,
        Fix = fix,
    };

    private static List<string> Names(IEnumerable<EngineOperation> operations) => [.. operations.Select(o => o.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
