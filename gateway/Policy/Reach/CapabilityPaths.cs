namespace Gateway.Policy.Reach;

/// <summary>What each added capability reaches (threats §3.2, the row CapAdd; capabilities(7); Docker's default seccomp and AppArmor profiles).</summary>
internal static class CapabilityPaths
{
    private const string SeccompOpens = "Docker's default seccomp profile lets through the calls of a capability that a container has";
    private const string Unconfined = "apparmor=unconfined";
    private const string NoAppArmor = "AppArmor's docker-default profile denies this step where it is loaded; it is not on hosts without AppArmor, nor under apparmor=unconfined";

    private static readonly Dictionary<string, (string How, string? Needs)> Root = new(StringComparer.Ordinal)
    {
        ["ALL"] = ("Every capability at once: mount the host's disk, load a kernel module, or trace a process of the host.", null),
        ["SYS_ADMIN"] = ("Mounts file systems inside the container: the host's disk where a device is reachable, a cgroup hierarchy with a release agent that the kernel runs on the host, or /proc anew without its masks.", NoAppArmor),
        ["SYS_MODULE"] = ("Loads a kernel module, which is code in the host's kernel.", SeccompOpens),
        ["SYS_PTRACE"] = ("Reads and writes the memory of every process that the container sees: with the host's pid namespace every process of the host, without it those of containers that it shares a pid namespace with.", NoAppArmor),
        ["SYS_RAWIO"] = ("Talks to hardware ports and, with a memory device, to the host's memory.", SeccompOpens),
        ["SYS_BOOT"] = ("Calls kexec or reboots: replaces or ends the running kernel.", SeccompOpens),
        ["SYS_TIME"] = ("Sets the host's clock: expired certificates, tickets and one-time codes become valid again.", SeccompOpens),
        ["DAC_READ_SEARCH"] = ("open_by_handle_at reads any file of the host's file system that the container's root lies on, keys and password hashes included.", SeccompOpens),
        ["BPF"] = ("Loads BPF programs into the host's kernel.", SeccompOpens),
        ["PERFMON"] = ("Observes the whole kernel and every process through perf events.", SeccompOpens),
        ["SYSLOG"] = ("Reads the kernel's log and addresses, the missing half of many kernel exploits.", SeccompOpens),
        ["MAC_ADMIN"] = ("Changes the host's mandatory access control policy.", null),
        ["MAC_OVERRIDE"] = ("Is not bound by the host's mandatory access control policy.", null),
        ["AUDIT_CONTROL"] = ("Switches the host's audit off or changes its rules.", null),
        ["LINUX_IMMUTABLE"] = ("Takes away or sets the immutable flag of files that it reaches through a bind.", "a bind whose files rely on that flag"),
        ["CHECKPOINT_RESTORE"] = ("Reads and rebuilds the state of other processes, map_files and chosen process ids included.", SeccompOpens),
    };

    public static void Add(RoleReach role)
    {
        if (!role.Creates)
        {
            return;
        }

        foreach (var capability in role.Grants.Capabilities.Distinct())
        {
            var at = role.AtGrant("capabilities", capability);
            var subject = $"grants.capabilities {capability}";
            if (Root.TryGetValue(capability, out var known))
            {
                var pid = capability == "SYS_PTRACE" && role.Grants.HostNamespaces.Contains("pid");
                var unconfined = known.Needs == NoAppArmor && role.Grants.SecurityOptions.Contains(Unconfined);
                role.Add(
                    "capability", Extent.Root, subject, at, $"capability {capability}{(pid ? " with the host's pid namespace" : "")}{(unconfined ? $" and without AppArmor's profile ({Unconfined})" : "")}",
                    $"docker run --cap-add {capability}{(pid ? " --pid host" : "")}{(unconfined ? $" --security-opt {Unconfined}" : "")} … : {known.How}", $"take {capability} out of capabilities", unconfined ? null : known.Needs);
                continue;
            }

            Other(role, capability, subject, at);
        }
    }

    private static void Other(RoleReach role, string capability, string subject, Files.SourcePosition? at)
    {
        var grants = role.Grants;
        switch (capability)
        {
            case "NET_ADMIN" when grants.HostNamespaces.Contains("network"):
                role.Add(
                    "capability", Extent.Root, subject, at, "capability NET_ADMIN with the host's network",
                    "docker run --network host --cap-add NET_ADMIN … : rewrites the host's firewall, routes and addresses, takes over what other hosts trust this one for, and loads network modules.",
                    "grant NET_ADMIN or host-namespaces: [network], not both");
                break;
            case "NET_ADMIN":
                role.Add(
                    "capability", Extent.Others, subject, at, "capability NET_ADMIN on shared networks",
                    "Changes addresses and routes inside the container's own network namespace, from where it answers for others on a network that it shares.",
                    "grant it with networks: [own] only", "a network that others are on too", Weight.Note);
                break;
            case "IPC_OWNER" when grants.HostNamespaces.Contains("ipc"):
                role.Add(
                    "capability", Extent.Root, subject, at, "capability IPC_OWNER with the host's ipc namespace",
                    "docker run --ipc host --cap-add IPC_OWNER … : reads and writes the shared memory of every process of the host, those of root among them.",
                    "grant IPC_OWNER or host-namespaces: [ipc], not both", "a root process that uses System V shared memory");
                break;
            case "MKNOD" when grants.Binds.Any(b => b.ReadWrite) && !grants.NonRoot:
                role.Add(
                    "capability", Extent.Root, subject, at, "capability MKNOD with a read-write bind",
                    "docker run --cap-add MKNOD -v FOLDER:/x … mknod /x/disk b 8 0: the node opens the host's disk for whoever reaches the folder on the host.",
                    "take MKNOD out of capabilities; without it the gateway drops it from containers with a read-write bind",
                    "a local account that reaches the folder, on a file system that is not mounted nodev");
                break;
            case "SYS_NICE" or "SYS_RESOURCE" or "IPC_LOCK":
                role.Add(
                    "capability", Extent.Host, subject, at, $"capability {capability}",
                    "Goes over limits that keep other processes of the host running: a denial of service.", $"take {capability} out of capabilities", null, Weight.Note);
                break;
            case "AUDIT_READ" or "SYS_TTY_CONFIG" or "SYS_PACCT" or "WAKE_ALARM" or "BLOCK_SUSPEND" or "LEASE" or "NET_BROADCAST":
                role.Add(
                    "capability", Extent.Host, subject, at, $"capability {capability}", "Reads or changes a small part of the host's kernel state.",
                    $"take {capability} out of capabilities if nothing needs it", null, Weight.Note);
                break;
            default:
                // Of Docker's default set: every container has it.
                break;
        }
    }
}
