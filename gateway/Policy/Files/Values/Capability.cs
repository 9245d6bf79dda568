using System.Diagnostics.CodeAnalysis;

namespace Gateway.Policy.Files.Values;

/// <summary>Linux capabilities by the names of capabilities(7), without <c>CAP_</c>.</summary>
internal static class Capability
{
    public const string All = "ALL";

    private static readonly string[] Known =
    [
        "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE",
        "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN",
        "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID",
        "SETPCAP", "SETUID", "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT",
        "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    ];

    /// <summary>What a container has that asks for nothing, with every engine since 1.11 (moby <c>daemon/pkg/oci/caps/defaults.go</c>).</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    // threats.md §3.2, the row CapAdd: those that reach the host by themselves.
    private static readonly HashSet<string> ReachingHost = new(StringComparer.Ordinal)
    {
        All, "SYS_ADMIN", "SYS_PTRACE", "SYS_MODULE", "SYS_RAWIO", "SYS_BOOT", "SYS_TIME", "DAC_READ_SEARCH", "BPF", "PERFMON",
        "SYSLOG", "MAC_ADMIN", "MAC_OVERRIDE", "AUDIT_CONTROL", "LINUX_IMMUTABLE", "CHECKPOINT_RESTORE",
    };

    /// <summary>A name of capabilities(7) in upper case without <c>CAP_</c>, or <c>ALL</c>.</summary>
    public static bool IsKnown(string name) => name == All || Known.Contains(name);

    /// <summary>The name as it is known: in upper case, without <c>CAP_</c>.</summary>
    public static string Name(string text)
    {
        var name = text.ToUpperInvariant();
        return name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name;
    }

    public static bool ReachesHost(string capability) => ReachingHost.Contains(capability);

    /// <summary>Any case, with or without <c>CAP_</c>; <c>ALL</c> only as exactly that, since it grants everything at once.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        var name = Name(text);
        var known = name == All ? text == All : Known.Contains(name);
        value = known ? name : null;
        problem = (known, name) switch
        {
            (true, _) => null,
            (_, All) => $"{Quoted.Text(text)}: every capability is granted only by \"ALL\"",
            _ => $"unknown capability {Quoted.Text(text)}{Spelling.Hint(name, Known)}",
        };
        return known;
    }
}
