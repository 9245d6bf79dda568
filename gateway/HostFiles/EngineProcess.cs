using System.Globalization;
using Gateway.Forwarding;
using Gateway.Policy.Files.Values;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostFiles;

/// <summary>
/// The engine's process, found from the other end of its socket, and the files as it sees them. Held by a pidfd while its /proc
/// folder is opened, so that a pid that is used again cannot stand in for it.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    private const int Init = 1;
    private const string Listening = "00010000";

    private readonly SafeFileHandle folder;

    private EngineProcess(SafeFileHandle folder, FileSystemView files)
    {
        this.folder = folder;
        Files = files;
    }

    /// <summary>The engine's root folder and mounts.</summary>
    public FileSystemView Files { get; }

    /// <summary>The program's arguments; none where they cannot be read.</summary>
    public IReadOnlyList<string> Arguments => (LinuxFile.ReadText(folder, "cmdline") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The process, or null and why it cannot be looked into.</summary>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    public static async Task<(EngineProcess? Process, string? Problem)> FindAsync(EngineEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = await endpoint.ConnectAsync(cancellationToken);
        var pid = SocketPeer.Of(socket).Pid;
        if (pid <= 0)
        {
            return (null, "the engine runs in a process namespace that the gateway cannot see; run the gateway on the engine's host");
        }

        // With socket activation it was systemd that listened first.
        if (pid == Init && Environment.ProcessId != Init)
        {
            if (HolderOf(endpoint.Path) is not { } holder)
            {
                return (null, "the engine's socket was opened by process 1 and no process is found that took it over");
            }

            return Open(holder, PidFd.Open(holder));
        }

        return Open(pid, PidFd.Of(socket) ?? PidFd.Open(pid));
    }

    public void Dispose()
    {
        Files.Dispose();
        folder.Dispose();
    }

    /// <summary>The process besides init that holds the listening socket of that path.</summary>
    internal static int? HolderOf(string path)
    {
        try
        {
            var name = path.StartsWith("/var/run/", StringComparison.Ordinal) ? path[4..] : path;
            var inodes = File.ReadLines("/proc/net/unix").Select(line => line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries))
                .Where(f => f.Length == 8 && f[3] == Listening && (f[7] == path || f[7] == name || f[7] == "/var" + name))
                .Select(f => $"socket:[{f[6]}]").ToHashSet(StringComparer.Ordinal);
            foreach (var process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Init && Holds(process, inodes))
                {
                    return pid;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles(process + "/fd").Any(fd => new FileInfo(fd).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is none of ours to look into.
            return false;
        }
    }

    private static (EngineProcess? Process, string? Problem) Open(int pid, SafeFileHandle? pidFd)
    {
        const string Hidden = "the gateway cannot look into the engine's file system; it has to run as root on the engine's host";
        using (pidFd)
        {
            var folder = LinuxFile.Open($"/proc/{pid}");
            var root = folder is null ? null : LinuxFile.Follow(folder, "root");
            var mounts = folder is null ? null : LinuxFile.ReadText(folder, "mountinfo");
            if (folder is not null && root is not null && mounts is { Length: > 0 } && pidFd is not null && PidFd.IsAlive(pidFd))
            {
                return (new EngineProcess(folder, new FileSystemView(root, MountInfo.Parse(mounts))), null);
            }

            folder?.Dispose();
            root?.Dispose();
            return (null, Hidden);
        }
    }
}
