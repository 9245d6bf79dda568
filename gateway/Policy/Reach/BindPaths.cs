using System.Globalization;
using Gateway.Policy.Files;

namespace Gateway.Policy.Reach;

/// <summary>Where each bind grant leads on this host (threats, Rule B).</summary>
internal static class BindPaths
{
    public static void Add(RoleReach role, HostView host, IReadOnlyList<Holder> holders)
    {
        if (!role.Creates)
        {
            return;
        }

        for (var i = 0; i < role.Grants.Binds.Count; i++)
        {
            var bind = role.Grants.Binds[i];
            var at = role.AtGrant("binds", i.ToString(CultureInfo.InvariantCulture));
            Text(role, bind, at, host);
            foreach (var path in Paths(bind, holders).Where(host.Exists))
            {
                OnHost(role, bind, path, at, host);
            }
        }
    }

    /// <summary>The folders that the source stands for, as far as the policy names them.</summary>
    public static IEnumerable<string> Paths(BindGrant bind, IReadOnlyList<Holder> holders) =>
        holders.SelectMany(holder => holder.Expand(bind.Source)).Concat(Files.Values.UserVariable.IsIn(bind.Source) ? [] : [bind.Source]).Distinct(StringComparer.Ordinal);

    /// <summary>What the source says by itself, wherever it is.</summary>
    private static void Text(RoleReach role, BindGrant bind, SourcePosition? at, HostView host)
    {
        var subject = Subject(bind);
        if (host.Protected.Meets(bind.Source) is { } meeting)
        {
            role.Add(
                "bind-protected", Extent.Root, subject, at, $"bind of {bind.Source}: {meeting}",
                Run(bind, bind.Source) + "reaches the host's system files, sockets or keys; a read-only bind still connects to every socket below it.", "grant a folder of the user's own below /srv instead");
        }

        if (HostFolders.IsEngineSocket(bind.Source))
        {
            Socket(role, bind, new SocketOnHost(bind.Source, 0), bind.Source, at);
        }

        if (!(bind.ReadWrite && HostFolders.ObeyedByRoot(bind.Source) is not null) && HostFolders.ReadAsRoot(bind.Source) is { } secrets)
        {
            role.Add(
                "bind-secrets", Extent.Root, subject, at, $"bind of {bind.Source}: {secrets.Path} holds {secrets.What}",
                Run(bind, bind.Source) + $"reads {secrets.Path}{(role.Grants.NonRoot ? ", as far as modes allow it to an account of the container's choice" : ", whatever modes its files have")}.", "grant a folder that holds nothing of root's", $"a host that uses {secrets.Path}");
        }

        if (HostFolders.HoldsHomes(bind.Source))
        {
            role.Add(
                "bind-homes", Extent.Root, $"{subject} homes", at, $"bind of {bind.Source}, where everybody's home lies",
                Run(bind, bind.Source) + (bind.ReadWrite ? "puts a key into ~/.ssh/authorized_keys or a line into a shell's start file of an account that may become root." : "reads private keys and credentials out of every home, those of accounts that may become root among them."),
                "grant /home/${user}, or a folder below /srv", "an account with a home there may use sudo or the engine's socket");
        }

        if (HostFolders.IsTemporary(bind.Source))
        {
            role.Add(
                "bind-temporary", Extent.Others, $"{subject} temporary", at, $"bind of {bind.Source}, which every program of the host uses",
                Run(bind, bind.Source) + "reads the files and reaches the sockets that others' programs keep there, agents with keys among them.", "grant a folder of the user's own below /srv instead");
        }

        if (bind.ReadWrite)
        {
            Written(role, bind, at, host);
        }
    }

    private static void Written(RoleReach role, BindGrant bind, SourcePosition? at, HostView host)
    {
        if (HostFolders.ObeyedByRoot(bind.Source) is { } job)
        {
            role.Add(
                "bind-run-by-root", Extent.Root, Subject(bind), at, $"read-write bind of {bind.Source}: {job.Path} holds {job.What}",
                Run(bind, bind.Source) + $"writes below {job.Path} what root of the host runs, obeys or follows.", "grant a folder that nothing of the host runs from", $"a host that uses {job.Path}");
        }

        if (!role.Grants.NonRoot && !host.IsNoSuidNoDev(bind.Source) && !host.IsOutOfReach(bind.Source))
        {
            role.Add(
                "bind-setuid", Extent.Root, Subject(bind), at, $"read-write bind of {bind.Source} with root inside{(bind.SetuidAccepted ? " (setuid: accepted)" : "")}",
                Run(bind, bind.Source) + "root inside leaves a set-uid program of root in the folder; whoever starts it on the host is root.",
                "mount its file system nosuid,nodev, or set user: non-root, or put the folder below one that only root may enter",
                "a local account that reaches the folder, and an engine that does not remap users");
        }
    }

    private static void OnHost(RoleReach role, BindGrant bind, string path, SourcePosition? at, HostView host)
    {
        foreach (var socket in host.SocketsBelow(path).Where(socket => socket.Path != bind.Source || !HostFolders.IsEngineSocket(socket.Path)))
        {
            Socket(role, bind, socket, path, at);
        }

        if (bind.ReadWrite && !HostFolders.HoldsHomes(bind.Source) && host.Accounts.Where(a => HostFolders.Covers(path, a.Home)).Select(a => a.Name).ToList() is { Count: > 0 } homes)
        {
            role.Add(
                "bind-homes", Extent.Root, $"{Subject(bind)} homes", at, $"read-write bind of {path} holds the homes of {string.Join(", ", homes.Take(5))}",
                Run(bind, path) + "puts a key into ~/.ssh/authorized_keys or a line into a shell's start file of an account that may become root.", "grant /home/${user}, or a folder below /srv", "one of these accounts may use sudo or the engine's socket");
        }

        if (host.Replaceable(path) is { } why)
        {
            role.Add(
                "bind-replaceable", Extent.Host, $"{Subject(bind)} replaceable", at, $"bind source {path} can be swapped: {why}",
                "Whoever can write there puts a symbolic link in the folder's place after the check and before a start. The gateway refuses such a bind when it is asked for, so the grant does not work as it stands.",
                "let root alone own and write every folder above the granted one");
        }
    }

    private static void Socket(RoleReach role, BindGrant bind, SocketOnHost socket, string path, SourcePosition? at)
    {
        var engine = HostFolders.IsEngineSocket(socket.Path);
        role.Add(
            engine ? "bind-engine-socket" : "bind-socket", engine || socket.Owner == 0 ? Extent.Root : Extent.Host, $"{Subject(bind)} socket {socket.Path}", at,
            $"bind of {path} hands over the socket {socket.Path}",
            Run(bind, path) + (engine ? $"talks to the engine behind {socket.Path} past the gateway, and asks it for a privileged container." : $"talks to the service behind {socket.Path}, as root inside and so as root to that service."),
            "move the socket out of the folder, or grant another folder", engine ? null : socket.Owner == 0 ? "a service of root that does what its socket's peers ask" : "a service that trusts whoever reaches its socket");
    }

    private static string Subject(BindGrant bind) => $"grants.binds {bind.Source}";

    private static string Run(BindGrant bind, string path) => $"docker run -v {path}:/x{(bind.ReadWrite ? "" : ":ro")} … : ";
}
