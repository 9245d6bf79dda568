namespace Gateway.Policy.Reach;

/// <summary>What folders and files of a Linux host hold by their names alone, whether or not a host can be asked (hier(7), file-hierarchy(7), the services' own manuals).</summary>
internal static class HostFolders
{
    private static readonly string[] EngineSockets =
    [
        "docker.sock", "containerd.sock", "containerd.sock.ttrpc", "podman.sock", "crio.sock", "buildkitd.sock", "cri-dockerd.sock", "dockershim.sock", "libvirt-sock", "lxd.socket", "incus.socket",
        "snapd.socket", "kubelet.sock",
    ];

    // Root's own jobs and programs lie there, or root writes there where a link could lead it elsewhere.
    private static readonly (string Path, string What)[] RunByRoot =
    [
        ("/var/spool/cron", "root's jobs"), ("/var/spool/at", "root's jobs"), ("/var/spool/anacron", "root's jobs"), ("/var/lib/systemd", "units' state that root obeys"),
        ("/var/lib/dpkg", "scripts that root runs with packages"), ("/var/lib/rpm", "scripts that root runs with packages"), ("/var/lib/snapd", "programs that root runs"),
        ("/var/lib/kubelet", "manifests and plugins of the kubelet"), ("/var/lib/rancher", "manifests and keys of a cluster"), ("/var/lib/cloud", "scripts that root runs at boot"),
        ("/var/lib/polkit-1", "rules of who may become root"), ("/var/lib/AccountsService", "accounts"), ("/var/lib/NetworkManager", "settings that root obeys"),
        ("/var/lib/containers", "containers that root runs"), ("/var/lib/buildkit", "images that root runs"), ("/var/lib/libvirt", "virtual machines that root runs"),
        ("/var/lib/lxd", "containers that root runs"), ("/var/lib/incus", "containers that root runs"), ("/var/log", "files that root writes to, through whatever link lies in their place"),
        ("/opt", "programs that root runs"), ("/snap", "programs that root runs"), ("/nix", "programs that root runs"),
    ];

    // Whoever reads them has passwords, keys or memory of root.
    private static readonly (string Path, string What)[] SecretsOfRoot =
    [
        ("/var/backups", "copies of the password hashes (shadow.bak)"), ("/var/lib/kubelet", "the node's keys and its pods' tokens"), ("/var/lib/rancher", "the cluster's keys and tokens"),
        ("/var/lib/etcd", "the cluster's secrets"), ("/var/lib/cloud", "what the machine was set up with, passwords and keys often among it"), ("/var/lib/sss", "cached password hashes"),
        ("/var/lib/samba", "machine keys and password hashes"), ("/var/lib/krb5kdc", "the keys of every account"), ("/var/lib/containers", "files and secrets of root's containers"),
        ("/var/lib/libvirt", "disks of virtual machines"), ("/var/lib/lxd", "files of root's containers"), ("/var/lib/incus", "files of root's containers"), ("/var/lib/NetworkManager", "network keys"),
        ("/var/lib/systemd", "core dumps and credentials of root's processes"), ("/var/crash", "memory of crashed processes"), ("/swapfile", "the host's memory, written out"),
        ("/swap.img", "the host's memory, written out"), ("/swap", "the host's memory, written out"),
    ];

    private static readonly string[] Temporary = ["/tmp", "/var/tmp"];

    /// <summary>Whether a socket of this name is an engine's, or does what one does.</summary>
    public static bool IsEngineSocket(string path) => EngineSockets.Contains(Path.GetFileName(path));

    /// <summary>The place below or above the source where a writer is obeyed by root.</summary>
    public static (string Path, string What)? ObeyedByRoot(string source) => Meeting(RunByRoot, source);

    /// <summary>The place below or above the source that holds what makes its reader root.</summary>
    public static (string Path, string What)? ReadAsRoot(string source) => Meeting(SecretsOfRoot, source);

    /// <summary>The folder of homes that the source is or holds; someone's own home is none.</summary>
    public static bool HoldsHomes(string source) => source is "/home" or "/var/home" or "/export/home";

    /// <summary>Everybody's folder for files and sockets of running programs.</summary>
    public static bool IsTemporary(string source) => Temporary.Contains(source);

    public static bool Covers(string above, string path) => path == above || path.StartsWith(above == "/" ? "/" : above + "/", StringComparison.Ordinal);

    private static (string Path, string What)? Meeting((string Path, string What)[] places, string source) =>
        places.Select(place => ((string Path, string What)?)place).FirstOrDefault(place => Covers(source, place!.Value.Path) || Covers(place.Value.Path, source));
}
