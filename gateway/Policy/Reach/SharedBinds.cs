using System.Globalization;

namespace Gateway.Policy.Reach;

/// <summary>Bind grants of one role that are, or lie above, what another role or another user is granted.</summary>
internal static class SharedBinds
{
    public static void Add(RoleReach role, IReadOnlyList<Holder> holders, IReadOnlyList<Holder> all)
    {
        if (!role.Creates)
        {
            return;
        }

        for (var i = 0; i < role.Grants.Binds.Count; i++)
        {
            var bind = role.Grants.Binds[i];
            var at = role.AtGrant("binds", i.ToString(CultureInfo.InvariantCulture));
            foreach (var other in role.Policy.Roles.Values.Where(other => other.Grants is not null && other.Name != role.Role.Name))
            {
                foreach (var theirs in other.Grants!.Binds)
                {
                    Compare(role, bind, holders, other, theirs, Of(other, all), at);
                }
            }
        }
    }

    private static List<Holder> Of(Role role, IReadOnlyList<Holder> all) => [.. all.Where(holder => holder.Roles.Contains(role.Name))];

    private static void Compare(RoleReach role, BindGrant bind, IReadOnlyList<Holder> holders, Role other, BindGrant theirs, IReadOnlyList<Holder> owners, Files.SourcePosition? at)
    {
        var subject = $"grants.binds {bind.Source} beside role {other.Name} {theirs.Source}";
        var pairs = BindPaths.Paths(bind, holders).SelectMany(_ => BindPaths.Paths(theirs, owners), (mine, their) => (Mine: mine, Theirs: their)).Where(pair => HostFolders.Covers(pair.Mine, pair.Theirs)).ToList();
        if (pairs.Count == 0)
        {
            return;
        }

        var (mine, their) = pairs[0];
        if (other.RootEquivalent && bind.ReadWrite)
        {
            role.Add(
                "bind-used-by-root", Extent.Host, subject, at, $"writes {mine}, which containers of the root-equivalent role {other.Name} bind ({their})",
                $"docker run -v {mine}:/x … : changes what a container with the host's rights then reads or runs.", "grant the two roles different folders", $"a container of role {other.Name} runs or trusts what lies in {their}");
        }
        else if (!other.RootEquivalent && mine != their)
        {
            role.Add(
                "bind-above-others", Extent.Others, subject, at, $"{mine} holds {their}, which role {other.Name} is granted",
                $"docker run -v {mine}:/x{(bind.ReadWrite ? "" : ":ro")} … : {(bind.ReadWrite ? "changes" : "reads")} the folders of others below it, as root inside whatever their modes.", "grant folders beside each other");
        }
        else if (!other.RootEquivalent && Files.Values.UserVariable.IsIn(bind.Source) && bind.Source != theirs.Source)
        {
            role.Add(
                "bind-by-name", Extent.Others, subject, at, $"{bind.Source} is {their} for a user of that name, the folder of role {other.Name}",
                "A user or group is called like a folder that another role is granted, and is given it by its name.", "rename one of them, or put the users' folders below a folder of their own");
        }
    }
}
