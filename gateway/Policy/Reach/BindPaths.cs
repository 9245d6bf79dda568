using Gateway.Policy.Files;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Reach;

/// <summary>Where each bind grant leads on this host (threats, Rule B).</summary>
internal static class BindPaths
{
    private static readonly string[] EngineSockets = ["docker.sock", "containerd.sock", "containerd.sock.ttrpc", "podman.sock", "crio.sock", "buildkitd.sock", "cri-dockerd.sock", "dockershim.sock", "libvirt-sock", "lxd.socket", "incus.socket", "snapd.socket", "kubelet.sock"];

    // Root's own jobs and programs live there: whoever writes below them is run by root.
    private static readonly string[] RunByRoot =
    [
        "/var/spool/cron", "/var/spool/at", "/var/lib/systemd", "/var/lib/dpkg", "/var/lib/rpm", "/var/lib/snapd", "/var/lib/kubelet", "/var/lib/rancher", "/var/lib/cloud",
        "/var/lib/polkit-1", "/var/lib/AccountsService", "/var/lib/NetworkManager", "/opt", "/snap", "/nix", "/var/lib/libvirt", "/var/lib/lxd", "/var/lib/incus",
    ];

    public static void Add(RoleReach role, HostView host, IReadOnlyList<string> users)
    {
        if (!role.Creates)
        {
            return;
        }

        for (var i = 0; i < role.Grants.Binds.Count; i++)
        {
            var bind = role.Grants.Binds[i];
            var at = role.AtGrant("binds", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Text(role, bind, at, host);
            foreach (var path in Paths(bind, host, users))
            {
                OnHost(role, bind, path, at, host);
            }
        }
    }

    /// <summary>What the source says by itself, wherever it is.</summary>
    private static void Text(RoleReach role, BindGrant bind, SourcePosition? at, HostView host)
    {
        var subject = $"grants.binds {bind.Source}";
        var run = $"docker run -v {bind.Source}:/x{(bind.ReadWrite ? "" : ":ro")} … : ";
        if (host.Protected.Meets(bind.Source) is { } meeting)
        {
            role.Add(
                "bind-protected", Extent.Root, subject, at, $"bind of {bind.Source}: {meeting}",
                run + "reaches the host's system files, sockets or keys; a read-only bind still connects to every socket below it.", "grant a folder of the user's own below /srv instead");
        }

        if (!bind.ReadWrite)
        {
            return;
        }

        if (RunByRoot.FirstOrDefault(path => Covers(bind.Source, path) || Covers(path, bind.Source)) is { } job)
        {
            role.Add(
                "bind-run-by-root", Extent.Root, subject, at, $"read-write bind of {bind.Source}, where root's programs or jobs lie ({job})",
                run + $"writes a job or a program below {job} that root runs on the host.", "grant a folder that nothing of the host runs from", $"a program or job of root below {job}");
        }

        if (!role.Grants.NonRoot && !host.IsNoSuidNoDev(bind.Source) && !host.IsOutOfReach(bind.Source))
        {
            role.Add(
                "bind-setuid", Extent.Root, subject, at, $"read-write bind of {bind.Source} with root inside{(bind.SetuidAccepted ? " (setuid: accepted)" : "")}",
                run + "root inside leaves a set-uid program of root in the folder; whoever starts it on the host is root.",
                "mount its file system nosuid,nodev, or set user: non-root, or put the folder below one that only root may enter",
                "a local account that reaches the folder, and an engine that does not remap users");
        }
    }

    /// <summary>The folders that the source stands for on this host.</summary>
    private static IEnumerable<string> Paths(BindGrant bind, HostView host, IReadOnlyList<string> users) =>
        UserVariable.IsIn(bind.Source)
            ? users.Select(user => bind.Source.Replace(UserVariable.Text, user, StringComparison.Ordinal)).Where(host.Exists)
            : host.Exists(bind.Source) ? [bind.Source] : [];

    private static void OnHost(RoleReach role, BindGrant bind, string path, SourcePosition? at, HostView host)
    {
        var subject = $"grants.binds {bind.Source}";
        var run = $"docker run -v {path}:/x{(bind.ReadWrite ? "" : ":ro")} … : ";
        foreach (var socket in host.SocketsBelow(path))
        {
            var engine = EngineSockets.Contains(Path.GetFileName(socket.Path));
            role.Add(
                engine ? "bind-engine-socket" : "bind-socket", engine || socket.Owner == 0 ? Extent.Root : Extent.Host, $"{subject} socket {socket.Path}", at,
                $"bind of {path} hands over the socket {socket.Path}",
                run + (engine ? $"talks to the engine behind {socket.Path} past the gateway, and asks it for a privileged container." : $"talks to the service behind {socket.Path}, as root inside and so as root to that service."),
                "move the socket out of the folder, or grant another folder", engine ? null : socket.Owner == 0 ? "a service of root that does what its socket's peers ask" : "a service that trusts whoever reaches its socket");
        }

        if (bind.ReadWrite && host.Accounts.Where(a => Covers(path, a.Home)).Select(a => a.Name).ToList() is { Count: > 0 } homes)
        {
            role.Add(
                "bind-homes", Extent.Root, $"{subject} homes", at, $"read-write bind of {path} holds the homes of {string.Join(", ", homes.Take(5))}",
                run + "puts a key into ~/.ssh/authorized_keys or a line into a shell's start file of an account that may become root.", "grant /home/${user}, or a folder below /srv", "one of these accounts may use sudo or the engine's socket");
        }

        if (host.Replaceable(path) is { } why)
        {
            role.Add(
                "bind-replaceable", Extent.Host, $"{subject} replaceable", at, $"bind source {path} can be swapped: {why}",
                "Whoever can write there puts a symbolic link in the folder's place after the check and before a start. The gateway refuses such a bind when it is asked for, so the grant does not work as it stands.",
                "let root alone own and write every folder above the granted one");
        }
    }

    private static bool Covers(string above, string path) => path == above || path.StartsWith(above == "/" ? "/" : above + "/", StringComparison.Ordinal);
}
