namespace Gateway.Policy.Reach;

/// <summary>One control of the Pod Security Standards, and whether everything that a role may ask for keeps it.</summary>
/// <param name="Baseline">Null where the profile has no such control.</param>
internal sealed record PodSecurityControl(string Name, string Field, bool? Baseline, bool? Restricted, string Why);

/// <summary>
/// A role's grants beside Kubernetes' Pod Security Standards, baseline and restricted (kubernetes.io, as of v1.34): the worst
/// container that the grants let somebody ask for.
/// </summary>
internal static class PodSecurity
{
    private static readonly string[] BaselineCapabilities =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ];

    private static readonly string[] SelinuxTypes = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    public static IReadOnlyList<PodSecurityControl> Compare(Role role)
    {
        var all = role.Grants is null;
        var grants = role.Grants ?? new Grants();
        var spaces = grants.HostNamespaces.Where(n => n is "network" or "pid" or "ipc").ToList();
        var beyond = grants.Capabilities.Where(c => !BaselineCapabilities.Contains(c)).ToList();
        var apparmor = grants.SecurityOptions.Where(o => o == "apparmor=unconfined").ToList();
        var selinux = grants.SecurityOptions.Where(o => o.StartsWith("label=", StringComparison.Ordinal) && !KeepsLabel(o[6..])).ToList();
        var proc = grants.SecurityOptions.Where(o => o.StartsWith("systempaths=", StringComparison.Ordinal)).ToList();
        var seccomp = grants.SecurityOptions.Where(o => o.StartsWith("seccomp=", StringComparison.Ordinal) && o != "seccomp=builtin").ToList();
        var sysctls = grants.Sysctls.Where(s => !SafeSysctls.Contains(s)).ToList();
        var ports = all || grants.Publish is not null;
        return
        [
            new("HostProcess", "windowsOptions.hostProcess", true, true, "Windows only; the gateway forwards no such field"),
            Row("Host namespaces", "hostNetwork, hostPID, hostIPC", spaces, "none granted"),
            Row("Privileged containers", "privileged", grants.Privileged ? ["privileged: true"] : [], "not granted"),
            new("Capabilities", "capabilities.add, capabilities.drop", !all && beyond.Count == 0, false, all ? "not limited" : beyond.Count > 0 ? $"beyond baseline: {string.Join(", ", beyond)}" : "within baseline; restricted asks every container to drop ALL, and the gateway does not make it"),
            Row("HostPath volumes", "volumes[*].hostPath", [.. grants.Binds.Select(b => b.Source)], "no binds granted"),
            new("Host ports", "ports[*].hostPort", !ports, !ports, all ? "not limited" : ports ? $"published on {string.Join(", ", grants.Publish!.Addresses)}" : "not granted"),
            new("Host probes and lifecycle hooks", "probe.host", true, true, "health checks of the Engine API name no other host"),
            Row("AppArmor", "appArmorProfile.type", apparmor, "default profile"),
            Row("SELinux", "seLinuxOptions", selinux, "default labels"),
            Row("/proc mount type", "procMount", proc, "default masks"),
            Row("Seccomp", "seccompProfile.type", seccomp, "default profile of the engine"),
            Row("Sysctls", "sysctls[*].name", sysctls, grants.Sysctls.Count == 0 ? "none granted" : "within the safe set"),
            new("Volume types", "volumes[*]", null, !all && grants.Binds.Count == 0, all ? "not limited" : grants.Binds.Count > 0 ? "binds are hostPath volumes" : "volumes and tmpfs only"),
            new("Privilege escalation", "allowPrivilegeEscalation", null, false, "no-new-privileges is up to the caller"),
            new("Running as non-root", "runAsNonRoot, runAsUser", null, !all && grants.NonRoot, !all && grants.NonRoot ? "user: non-root" : "root inside is allowed"),
        ];

        PodSecurityControl Row(string name, string field, IReadOnlyList<string> against, string fine)
        {
            var kept = !all && against.Count == 0;
            return new PodSecurityControl(name, field, kept, kept, all ? "not limited" : kept ? fine : string.Join(", ", against));
        }
    }

    private static bool KeepsLabel(string label) =>
        label.Split(':', 2) is ["type", var type] ? SelinuxTypes.Contains(type) : label.StartsWith("level:", StringComparison.Ordinal);
}
