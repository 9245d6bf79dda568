namespace Gateway.Policy.Diff;

/// <summary>All that differs between two policies, in rights.</summary>
/// <param name="Gains">Some of them perhaps not proven.</param>
/// <param name="BecomeRoot">Roles that say <c>root-equivalent: true</c> and did not.</param>
/// <param name="Identities">Users whose certificate's key is pinned otherwise: others may now be them.</param>
/// <param name="Callers">How many callers were compared.</param>
internal sealed record DiffReport(
    IReadOnlyList<RightChange> Gains,
    IReadOnlyList<RightChange> Losses,
    IReadOnlyList<string> BecomeRoot,
    IReadOnlyList<string> Identities,
    int Callers)
{
    /// <summary>Something may be gained, and no request was found that shows it.</summary>
    public bool Undecided => Gains.Any(change => !change.Proven);

    public bool IsSame => Gains.Count + Losses.Count + BecomeRoot.Count + Identities.Count == 0;

    public bool NoGain => Gains.Count + BecomeRoot.Count + Identities.Count == 0;

    public static DiffReport Of(AccessPolicy old, AccessPolicy now) => new(
        RightsDiff.Gains(old, now),
        RightsDiff.Gains(now, old),
        [.. now.Roles.Values.Where(role => role.RootEquivalent && old.Roles.GetValueOrDefault(role.Name)?.RootEquivalent != true).Select(role => role.Name).Order(StringComparer.Ordinal)],
        [.. now.Users.Values.Where(user => old.Users.TryGetValue(user.Name, out var before) && before.Spki is not null && before.Spki != user.Spki).Select(user => user.Name).Order(StringComparer.Ordinal)],
        RightsDiff.Callers(old, now).Count);
}
