using Gateway.HostFiles;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Identity;

/// <summary>
/// The namespaces that a local account's processes run in: the gateway's own, and those of process 1, as a service of systemd may
/// have a mount namespace to itself.
/// </summary>
internal static class HostNamespaces
{
    private static readonly string[] Kinds = ["ns/mnt", "ns/pid"];

    /// <summary>True where the process of this /proc folder is in them; false too where the kernel does not let the gateway look.</summary>
    public static bool Hold(SafeFileHandle process) => Kinds.All(kind => LinuxFile.Target(process, kind) is { } its && (its == Of("self", kind) || its == Of("1", kind)));

    private static string? Of(string process, string kind)
    {
        using var folder = LinuxFile.Open("/proc/" + process);
        return folder is null ? null : LinuxFile.Target(folder, kind);
    }
}
