namespace Gateway.Policy.Reach;

/// <summary>The host's namespaces, privileged mode, and what loosens a container's confinement.</summary>
internal static class NamespacePaths
{
    public static void Add(RoleReach role)
    {
        if (role.Grants.Privileged && (role.Creates || role.Has("ContainerExec")))
        {
            role.Add(
                "privileged", Extent.Root, "grants.privileged", role.AtGrant("privileged"), "privileged containers",
                $"{(role.Creates ? "docker run --privileged … : all devices and capabilities" : "docker exec --privileged … : all capabilities")}, no seccomp, AppArmor or masks; mounting the host's disk is one command.",
                "take privileged out of the grants; grant the one capability or device that is needed");
        }

        if (!role.Creates && !role.Has("ImageBuild"))
        {
            return;
        }

        foreach (var name in role.Grants.HostNamespaces.Distinct())
        {
            if (role.Creates || name == "network")
            {
                Namespace(role, name);
            }
        }

        if (role.Creates)
        {
            SecurityOptions(role);
            Runtimes(role);
            Gpus(role);
        }
    }

    private static void Namespace(RoleReach role, string name)
    {
        var at = role.AtGrant("host-namespaces", name);
        var subject = $"grants.host-namespaces {name}";
        switch (name)
        {
            case "pid":
                role.Add(
                    "host-namespace", Extent.Root, subject, at, "the host's pid namespace",
                    "docker run --pid host … : sees and signals every process of the host; root inside takes on any account's number and enters that account's processes through /proc/PID/root, one that may use sudo or the engine's socket among them. With SYS_PTRACE every process is open.",
                    "take pid out of host-namespaces",
                    "AppArmor's docker-default profile keeps the container out of other processes' /proc/PID/root where it is loaded; signals get through all the same");
                break;
            case "network":
                role.Add(
                    "host-namespace", Extent.Host, subject, at, "the host's network",
                    "docker run --network host … (and docker build --network host): reaches services that listen on the host's loopback or on abstract sockets and trust whoever does, listens on every port, and reads the host's traffic with NET_RAW of the default set.",
                    "take network out of host-namespaces; publish ports instead", "a service on loopback that asks for no password; with NET_ADMIN this is root");
                break;
            case "ipc":
                role.Add(
                    "host-namespace", Extent.Host, subject, at, "the host's ipc namespace",
                    "docker run --ipc host … : opens the host's /dev/shm and the shared memory of its processes: where root is allowed inside, all that belongs to root; with IPC_OWNER everybody's.",
                    "take ipc out of host-namespaces");
                break;
            case "user":
                var binds = role.Grants.Binds.Any(b => b.ReadWrite);
                role.Add(
                    "host-namespace", binds ? Extent.Root : Extent.Host, subject, at, "the host's user namespace",
                    $"docker run --userns host … : takes the engine's user remapping away, so that root inside is root outside{(binds ? ", and a read-write bind of this role then takes set-uid programs of root" : "")}.",
                    "take user out of host-namespaces", "an engine with userns-remap; on others it changes nothing");
                break;
            case "cgroup":
                role.Add(
                    "host-namespace", Extent.Host, subject, at, "the host's cgroup namespace",
                    "docker run --cgroupns host … : sees the host's cgroup tree; with SYS_ADMIN or an unmasked /sys it also changes it.", "take cgroup out of host-namespaces");
                break;
            default:
                role.Add(
                    "host-namespace", Extent.Host, subject, at, $"the host's {name} namespace", "docker run --uts host … : sees the host's name; with SYS_ADMIN it also changes it.",
                    $"take {name} out of host-namespaces", null, Weight.Note);
                break;
        }
    }

    private static void SecurityOptions(RoleReach role)
    {
        foreach (var option in role.Grants.SecurityOptions.Distinct())
        {
            var at = role.AtGrant("security-options", option);
            var subject = $"grants.security-options {option}";
            var fix = $"take {option} out of security-options";
            switch (option.Split('=')[0], option.Split('=', 2)[^1])
            {
                case ("systempaths", _):
                    role.Add(
                        "security-option", Extent.Root, subject, at, "unmasked system paths",
                        "docker run --security-opt systempaths=unconfined … : /proc/sys is writable for root inside; a core_pattern that names a program is run by the host's kernel as root.",
                        fix, "AppArmor's docker-default profile denies the write where it is loaded");
                    break;
                case ("writable-cgroups", "true"):
                    role.Add(
                        "security-option", Extent.Root, subject, at, "writable cgroups",
                        "docker run --security-opt writable-cgroups=true … : writes a release agent that the host's kernel runs as root.", fix, "a host with cgroup v1; with v2 it only lifts limits");
                    break;
                case ("seccomp", "builtin") or ("no-new-privileges", _) or ("apparmor", "docker-default") or ("writable-cgroups", _):
                    break;
                case ("seccomp", _):
                    role.Add(
                        "security-option", Extent.Host, subject, at, $"seccomp profile {option[8..]}",
                        "Every system call of the host's kernel is open, user namespaces with all capabilities among them: each local kernel exploit works from inside.", fix, "a kernel bug that the default profile keeps out of reach");
                    break;
                case ("apparmor", _):
                    role.Add(
                        "security-option", Extent.Host, subject, at, $"AppArmor profile {option[9..]}",
                        "Takes away what stops mounts, writes below /proc/sys and the tracing of other processes: the second half of several paths.", fix, "a capability or namespace that makes use of it");
                    break;
                default:
                    role.Add(
                        "security-option", Extent.Host, subject, at, $"security option {option}", "Changes or takes away SELinux's separation between containers and from the host.", fix, "a host with SELinux");
                    break;
            }
        }
    }

    private static void Runtimes(RoleReach role)
    {
        foreach (var runtime in role.Grants.Runtimes.Distinct())
        {
            var sandbox = runtime is "runc" or "crun" or "youki" or "runsc" or "sysbox-runc" or "io.containerd.runc.v2" or "io.containerd.runsc.v1" || runtime.StartsWith("kata", StringComparison.Ordinal) || runtime.StartsWith("io.containerd.kata", StringComparison.Ordinal);
            role.Add(
                "runtime", sandbox ? Extent.Own : Extent.Root, $"grants.runtimes {runtime}", role.AtGrant("runtimes", runtime), $"runtime {runtime}",
                sandbox ? "A known container runtime." : "The engine runs this runtime as root, with a configuration that the request's environment and mounts can steer; what confines the container is up to it.",
                $"take {runtime} out of runtimes unless its own confinement has been looked at", sandbox ? null : "a runtime that obeys environment variables, annotations or hooks, as GPU runtimes do", Weight.Note);
        }
    }

    private static void Gpus(RoleReach role)
    {
        if (role.Grants.Gpus != 0)
        {
            role.Add(
                "gpus", Extent.Host, "grants.gpus", role.AtGrant("gpus"), $"{(role.Grants.Gpus < 0 ? "all" : role.Grants.Gpus.ToString(System.Globalization.CultureInfo.InvariantCulture))} GPUs",
                "Containers talk to the GPU's kernel driver and to its memory, which other containers' data may still be in.", "take gpus out of the grants where nothing computes on them", null, Weight.Note);
        }
    }
}
