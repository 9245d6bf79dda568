using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CertsTool.Folder;

/// <summary>What the file system says of a path itself, links not followed.</summary>
internal sealed record PathFacts(uint Owner, UnixFileMode Mode, PathKind Kind);

internal enum PathKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>The calls of Linux that .NET has no name for: advisory locks, syncing a folder, who owns a file, a plain rename.</summary>
internal static partial class Posix
{
    private const int ReadWriteCreate = 0x2 | 0x40 | CloseOnExec;
    private const int CloseOnExec = 0x80000;
    private const int LockExclusive = 2;
    private const int LockNow = 4;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int NoSuchFile = 2;
    private const int NotSupported = 22;
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint RenameExchange = 2;
    private const uint BasicFacts = 0x7ff;

    public static uint CurrentUser => EffectiveUser();

    /// <summary>Takes the lock of the file, which is made if missing; the descriptor closes on exec, so no child keeps the lock.</summary>
    /// <param name="waiting">Called once when another holds it.</param>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static int LockFile(string path, Action waiting)
    {
        var descriptor = Open(path, ReadWriteCreate, 0x180);
        if (descriptor < 0)
        {
            throw Failure(path);
        }

        if (Flock(descriptor, LockExclusive | LockNow) == 0)
        {
            return descriptor;
        }

        if (Marshal.GetLastPInvokeError() == WouldBlock)
        {
            waiting();
        }

        while (Flock(descriptor, LockExclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                var failure = Failure(path);
                _ = Close(descriptor);
                throw failure;
            }
        }

        return descriptor;
    }

    public static void Unlock(int descriptor) => _ = Close(descriptor);

    /// <summary>Makes names in the folder last: a rename is on the disk only when its folder is.</summary>
    /// <exception cref="IOException">The folder cannot be opened or written.</exception>
    public static void SyncFolder(string path)
    {
        var descriptor = Open(path, CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Failure(path);
        }

        // EINVAL: a file system that has nothing to sync for folders.
        var failure = Fsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != NotSupported ? Failure(path) : null;
        _ = Close(descriptor);
        if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>rename(2): takes the place of a file that is there, in one step.</summary>
    /// <returns>False where there is no <paramref name="from"/>.</returns>
    /// <exception cref="IOException">It failed.</exception>
    public static bool Move(string from, string to)
    {
        if (Rename(from, to) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoSuchFile && Facts(from) is null ? false : throw Failure(to);
    }

    /// <summary>Two paths change places in one step, so that neither is ever missing.</summary>
    /// <returns>False where the file system cannot do that.</returns>
    public static bool Exchange(string one, string other) => Renameat2(CurrentFolder, one, CurrentFolder, other, RenameExchange) == 0;

    /// <returns>Null where there is nothing at the path.</returns>
    public static PathFacts? Facts(string path)
    {
        // struct statx is laid out alike on every architecture: uid at 20, mode at 28.
        var buffer = new byte[256];
        if (Statx(CurrentFolder, path, NoFollow, BasicFacts, buffer) != 0)
        {
            return null;
        }

        var mode = BitConverter.ToUInt16(buffer, 28);
        var kind = (mode & 0xf000) switch
        {
            0x8000 => PathKind.File,
            0x4000 => PathKind.Directory,
            0xa000 => PathKind.Link,
            _ => PathKind.Other,
        };
        return new PathFacts(BitConverter.ToUInt32(buffer, 20), (UnixFileMode)(mode & 0xfff), kind);
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{path}: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Renameat2(int folderFrom, string from, int folderTo, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] buffer);
}
