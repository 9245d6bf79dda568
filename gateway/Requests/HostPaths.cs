using System.Runtime.InteropServices;
using Gateway.Forwarding;

namespace Gateway.Requests;

/// <summary>
/// Rule B of the threats: a bind's source counts only if nobody but root can replace a component of its path. Looked at in the
/// engine's own file system, whose root is that of the process at the other end of its socket.
/// </summary>
internal sealed partial class HostPaths(EngineEndpoint engine)
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int NoFollow = 0x100;
    private const int BasicStats = 0x7ff;
    private const int Format = 0xF000;
    private const int Folder = 0x4000;
    private const int RegularFile = 0x8000;
    private const int GroupOrOthersWrite = 0x12;

    /// <summary>Why the path must not be bound, or null.</summary>
    public string? Problem(string path)
    {
        if (path.Length < 2 || path[0] != '/' || path[1..].Split('/').Any(part => part is "" or "." or "..") || path.Contains('\0', StringComparison.Ordinal))
        {
            return "it is not an absolute, clean path";
        }

        if (EngineRoot() is not { } root)
        {
            return "the gateway cannot look into the engine's file system; it has to run as root";
        }

        var parts = path[1..].Split('/');
        for (var i = 0; i <= parts.Length; i++)
        {
            var prefix = "/" + string.Join('/', parts[..i]);
            if (Stat(root + prefix) is not var (mode, owner))
            {
                return $"\"{prefix}\" does not exist";
            }

            if ((mode & Format) != Folder && !(i == parts.Length && (mode & Format) == RegularFile))
            {
                return $"\"{prefix}\" is a symbolic link, or neither a folder nor a file";
            }

            if (i < parts.Length && (owner != 0 || (mode & GroupOrOthersWrite) != 0))
            {
                return $"\"{prefix}\" can be written by others than root";
            }
        }

        return null;
    }

    private string? EngineRoot()
    {
        try
        {
            using var socket = engine.ConnectAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            var credentials = new byte[12];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            var root = $"/proc/{BitConverter.ToInt32(credentials)}/root";
            return Stat(root + "/") is null ? null : root;
        }
        catch (EngineUnreachableException)
        {
            return null;
        }
    }

    private static unsafe (int Mode, uint Owner)? Stat(string path)
    {
        // struct statx: stx_uid at 20, stx_mode at 28.
        var buffer = stackalloc byte[256];
        return Statx(-100, path, NoFollow, BasicStats, buffer) == 0
            ? (*(ushort*)(buffer + 28), *(uint*)(buffer + 20))
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
