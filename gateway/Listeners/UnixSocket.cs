using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.HostFiles;
using Gateway.Identity;

namespace Gateway.Listeners;

/// <summary>
/// Makes the socket file of a Unix listener: never wider than owner and group, from before it exists (threats §6). Who may connect is
/// a first fence only; what a peer may do is decided by its account.
/// </summary>
internal static partial class UnixSocket
{
    // Octal 0117: read and write for owner and group.
    private const uint OwnerAndGroupOnly = 0x4F;
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
    private const uint Unchanged = uint.MaxValue;

    /// <param name="group">Whose accounts may connect; null for the gateway's own group.</param>
    /// <exception cref="IOException">Something else is there, others could replace it, or there is no such group; the message says what to do.</exception>
    public static Socket Bind(UnixAddress address, string? group)
    {
        var path = address.Path;
        var gid = group is null ? Unchanged : LocalAccounts.GroupId(group) ?? throw new IOException($"{address}: there is no group \"{group}\" on this host; groupadd --system {group}");
        PrepareFolder(Path.GetDirectoryName(path)!, gid);
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Process-wide for a moment: what else is made meanwhile is narrower, never wider.
            var mask = SetMask(OwnerAndGroupOnly);
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint(path));
            }
            finally
            {
                _ = SetMask(mask);
            }

            Own(path, gid);
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            throw e is SocketException ? new IOException($"{address}: {e.Message}", e) : e;
        }
    }

    /// <summary>Nobody listens there any more.</summary>
    public static bool IsDead(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    /// <summary>Whoever may write to the folder could put a socket of their own there, and answer for the gateway.</summary>
    private static void PrepareFolder(string folder, uint gid)
    {
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, FolderMode);
            Own(folder, gid);
        }

        if (LinuxFile.StatOf(folder) is not { IsFolder: true } stat)
        {
            throw new IOException($"{folder} is not a folder of its own, or cannot be looked at; name the folder that it leads to");
        }

        if (stat.Owner is not 0 && stat.Owner != LinuxFile.Account)
        {
            throw new IOException($"{folder} belongs to user id {stat.Owner}, who could replace the socket; chown root {folder}");
        }

        if (stat is { WritableByOthers: true, IsSticky: false })
        {
            throw new IOException($"others can write to {folder}, and could replace the socket; chmod go-w {folder}, or listen in a folder of the gateway's own");
        }
    }

    /// <summary>What a gateway that was killed has left; nothing else is ever removed.</summary>
    private static void RemoveStale(string path)
    {
        if (LinuxFile.StatOf(path) is not { } stat)
        {
            return;
        }

        var problem = !stat.IsSocket ? $"{path} exists and is no socket; move it away, or listen elsewhere"
            : !IsDead(path) ? $"somebody listens on {path} already; end that program, or listen elsewhere"
            : stat.Owner is not 0 && stat.Owner != LinuxFile.Account ? $"{path} is a socket that user id {stat.Owner} has left; remove it"
            : null;
        if (problem is not null)
        {
            throw new IOException(problem);
        }

        File.Delete(path);
    }

    private static void Own(string path, uint gid)
    {
        if (gid != Unchanged && ChangeOwner(path, Unchanged, gid) != 0)
        {
            throw new IOException($"{path} cannot be given to its group: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint owner, uint group);
}
