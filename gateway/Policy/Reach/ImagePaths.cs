using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Reach;

/// <summary>Names of images that a role may put images behind, and who runs them.</summary>
internal static class ImagePaths
{
    private static readonly string[] WritesNames = ["ImageTag", "ImageBuild", "ImageCommit", "ImageLoad", "ImagePush"];

    public static void Add(RoleReach role, IReadOnlyList<Holder> holders)
    {
        if (!WritesNames.Any(role.Has) || role.Unlimited)
        {
            return;
        }

        foreach (var own in role.Grants.OwnImages.DistinctBy(ImagePattern.Written))
        {
            Judge(role, own, holders);
        }
    }

    private static void Judge(RoleReach role, string own, IReadOnlyList<Holder> holders)
    {
        var named = UserVariable.IsIn(own);
        var names = named ? Taken(role.Policy, own, holders) : [];
        var runs = named
            ? names.SelectMany(name => name.By).DistinctBy(other => other.Name).ToList()
            : role.Policy.Roles.Values.Where(other => other.Name != role.Role.Name && other.Grants?.Images.Any(theirs => GlobSet.Overlap(own, Wild(theirs))) == true).ToList();

        // A role that nothing limits runs official images at least.
        var unlimited = !named && GlobSet.Overlap(own, "docker.io/library/*") ? role.Policy.Roles.Values.Where(other => other is { RootEquivalent: true, Grants: null }).ToList() : [];
        var all = runs.Concat(unlimited).Select(other => other.Name).Where(name => named || name != role.Role.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var rooted = runs.Where(other => other.RootEquivalent).Concat(unlimited).Select(other => other.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (named && all.Count == 0)
        {
            return;
        }

        // What a certificate of an organization may say is not in the policy.
        var open = named && names.TrueForAll(name => !name.Known);
        role.Add(
            "image-poisoning", rooted.Count > 0 ? Extent.Root : all.Count > 0 ? Extent.Others : Extent.Own, $"grants.own-images {ImagePattern.Written(own)}", role.AtGrant("own-images") ?? role.AtGrant("images"),
            all.Count == 0 ? $"names without ${{user}} are shared by everybody of the role ({ImagePattern.Written(own)})"
                : $"replaces images that others run ({ImagePattern.Written(own)}{(named ? $" of a user called {string.Join(", ", names.Select(name => name.Name).Distinct(StringComparer.Ordinal))}" : "")}; role{(all.Count > 1 ? "s" : "")} {string.Join(", ", all)})",
            "docker tag or build puts an image of the caller's making behind a name that others run; their next container is the caller's code with their rights.",
            named ? "give users' images a prefix of their own, registry/users/${user}/*, or give nobody that name" : "write own-images with ${user} in it, or take the pattern out of the others' images",
            string.Join("; ", ((string?[])[open ? "a certificate of that name" : null, rooted.Count > 0 ? $"a user of role {string.Join(", ", rooted)} runs such an image, and may run it privileged" : null]).OfType<string>()) is { Length: > 0 } needs ? needs : null,
            all.Count == 0 || open ? Weight.Note : Weight.Warning);
    }

    /// <summary>Names that would put the variable's images where another pattern stands, and the roles that run those.</summary>
    private static List<(string Name, bool Known, List<Role> By)> Taken(AccessPolicy policy, string own, IReadOnlyList<Holder> holders)
    {
        var byUser = own.Contains(UserVariable.Text, StringComparison.Ordinal);
        var before = own[..own.IndexOf(byUser ? UserVariable.Text : UserVariable.Group, StringComparison.Ordinal)];
        var found = from other in policy.Roles.Values
                    from theirs in other.Grants?.Images ?? []
                    let known = theirs.Split('*')[0]
                    where !UserVariable.IsIn(theirs) && known.StartsWith(before, StringComparison.Ordinal)
                    let end = known.IndexOf('/', before.Length)
                    where end > 0 && PolicyName.TryParseUser(known[before.Length..end], out _, out _)
                    group other by known[before.Length..end];
        return
        [
            .. from candidate in found
               let known = holders.Any(holder => byUser ? !holder.IsGroup && holder.Name == candidate.Key : holder.Groups.Contains(candidate.Key))
               where known || (byUser && holders.Any(holder => holder.IsGroup))
               select (candidate.Key, known, candidate.DistinctBy(other => other.Name).ToList()),
        ];
    }

    private static string Wild(string pattern) => pattern.Replace(UserVariable.Text, "*", StringComparison.Ordinal).Replace(UserVariable.Group, "*", StringComparison.Ordinal);
}
