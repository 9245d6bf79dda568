using Gateway.Policy.Files;
using Gateway.Policy.Reach;

namespace Gateway.Policy.Diff;

/// <summary>A way to root on the host that the audit finds in the new policy and not in the old one.</summary>
/// <param name="At">Where in the new files.</param>
internal sealed record WayToRoot(string Role, string Title, string How, SourcePosition? At);

/// <summary>All that differs between two policies, in rights.</summary>
/// <param name="Gains">Some of them perhaps not proven.</param>
/// <param name="BecomeRoot">Roles that say <c>root-equivalent: true</c> and did not.</param>
/// <param name="Ways">What newly leads a role to root, whether or not the role says so; judged by the files alone.</param>
/// <param name="Identities">Users whose certificate's key is pinned otherwise, or who are another local account: others may now be them.</param>
/// <param name="Callers">How many callers were compared.</param>
internal sealed record DiffReport(
    IReadOnlyList<RightChange> Gains,
    IReadOnlyList<RightChange> Losses,
    IReadOnlyList<string> BecomeRoot,
    IReadOnlyList<WayToRoot> Ways,
    IReadOnlyList<string> Identities,
    int Callers)
{
    /// <summary>Something may be gained, and no request was found that shows it.</summary>
    public bool Undecided => Gains.Any(change => !change.Proven);

    public bool IsSame => Gains.Count + Losses.Count + BecomeRoot.Count + Ways.Count + Identities.Count == 0;

    public bool NoGain => Gains.Count + BecomeRoot.Count + Ways.Count + Identities.Count == 0;

    public static DiffReport Of(AccessPolicy old, AccessPolicy now) => new(
        RightsDiff.Gains(old, now),
        RightsDiff.Gains(now, old),
        [.. now.Roles.Values.Where(role => role.RootEquivalent && old.Roles.GetValueOrDefault(role.Name)?.RootEquivalent != true).Select(role => role.Name).Order(StringComparer.Ordinal)],
        NewWays(old, now),
        [.. now.Users.Values.Where(user => old.Users.TryGetValue(user.Name, out var before) && ((before.Spki is not null && before.Spki != user.Spki) || before.Unix != user.Unix)).Select(user => user.Name).Order(StringComparer.Ordinal)],
        RightsDiff.Callers(old, now).Count);

    private static List<WayToRoot> NewWays(AccessPolicy old, AccessPolicy now)
    {
        var before = Roots(old).Select(finding => (finding.Role, finding.Kind, finding.Subject)).ToHashSet();
        return
        [
            .. Roots(now).Where(finding => !before.Contains((finding.Role, finding.Kind, finding.Subject)))
                .Select(finding => new WayToRoot(finding.Role!, finding.Title, finding.How, finding.At)),
        ];
    }

    // Of a host that mounts nothing nosuid, or the report would depend on where it is made.
    private static IEnumerable<Finding> Roots(AccessPolicy policy) =>
        PolicyAudit.Run("", policy, HostView.None(new PolicyLoadOptions { IsMountedNoSuidNoDev = _ => false }), null, []).Findings.Where(finding => finding.Extent == Extent.Root);
}
