using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostFiles;

/// <summary>Type, mode and owner of what a handle stands for (statx(2)).</summary>
internal readonly record struct LinuxStat(int Mode, uint Owner, int MountId)
{
    private const int Format = 0xF000;

    public bool IsFolder => (Mode & Format) == 0x4000;

    public bool IsFile => (Mode & Format) == 0x8000;

    public bool IsLink => (Mode & Format) == 0xA000;

    public bool IsSocket => (Mode & Format) == 0xC000;

    public bool IsBlockDevice => (Mode & Format) == 0x6000;

    public bool IsDevice => IsBlockDevice || (Mode & Format) == 0x2000;

    /// <summary>Group or others may write. A sticky folder counts too: others cannot rename what is in it, but can fill a name that is missing later.</summary>
    public bool WritableByOthers => (Mode & 0x12) != 0;

    /// <summary>Neither group nor others may enter.</summary>
    public bool ClosedToOthers => (Mode & 0x9) == 0;

    public bool IsSticky => (Mode & 0x200) != 0;
}

/// <summary>
/// Paths as handles: each step is opened relative to the one before, so that nothing that is swapped in between is seen
/// (openat2(2), Linux 5.6). Handles are O_PATH: opening one neither reads nor wakes a device, and needs no right on it.
/// </summary>
internal static unsafe partial class LinuxFile
{
    private const long OpenAt2 = 437;
    private const int CurrentFolder = -100;
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int NoFollow = 0x20000;
    private const ulong NoLinksBeneath = 0x2 | 0x4 | 0x8;
    private const int EmptyPath = 0x1000;
    private const int NoSync = 0x4000;
    private const uint ModeUidAndMount = 0x1 | 0x2 | 0x8 | 0x1000;
    private const uint MountOnly = 0x1000;
    private const int MaxLink = 4096;

    /// <summary>The account that this process acts as.</summary>
    public static uint Account => GetEffectiveUser();

    /// <summary>An absolute path as this process sees it, links followed; null where it cannot be opened.</summary>
    public static SafeFileHandle? Open(string path) => Handle(OpenAt(CurrentFolder, path, PathOnly | CloseOnExec));

    /// <summary>A magic link of a /proc folder (<c>root</c>), followed; null where the kernel does not let this account.</summary>
    public static SafeFileHandle? Follow(SafeFileHandle folder, string name) => Handle(OpenAt((int)folder.DangerousGetHandle(), name, PathOnly | CloseOnExec));

    /// <summary>One component below a folder; null for a symbolic link, and where there is nothing.</summary>
    public static SafeFileHandle? Step(SafeFileHandle folder, string name)
    {
        var how = stackalloc ulong[] { PathOnly | CloseOnExec, 0, NoLinksBeneath };
        return Handle((int)OpenAt2Call(OpenAt2, (int)folder.DangerousGetHandle(), name, how, 3 * sizeof(ulong)));
    }

    /// <summary>The target of a symbolic link in a folder, or null.</summary>
    public static string? Target(SafeFileHandle folder, string name)
    {
        var buffer = stackalloc byte[MaxLink];
        var length = (int)ReadLinkAt((int)folder.DangerousGetHandle(), name, buffer, MaxLink);
        return length is > 0 and < MaxLink ? Encoding.UTF8.GetString(buffer, length) : null;
    }

    /// <summary>A small file of a /proc folder as text; null where it cannot be read.</summary>
    public static string? ReadText(SafeFileHandle folder, string name)
    {
        using var handle = Handle(OpenAt((int)folder.DangerousGetHandle(), name, CloseOnExec));
        if (handle is null)
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(new FileStream(handle, FileAccess.Read, 1, isAsync: false), Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The mount that the handle lies on; asks no file system, so one that hangs does not matter. Null before Linux 5.8.</summary>
    public static int? MountIdOf(SafeFileHandle handle) => StatX(handle, MountOnly) is { MountId: > 0 } stat ? stat.MountId : null;

    /// <summary>What is at that path of this host, the last component not followed; null where there is nothing, or where this account may not look.</summary>
    public static LinuxStat? StatOf(string path)
    {
        using var handle = Handle(OpenAt(CurrentFolder, path, PathOnly | CloseOnExec | NoFollow));
        return handle is null ? null : Stat(handle);
    }

    public static LinuxStat? Stat(SafeFileHandle handle) => StatX(handle, ModeUidAndMount);

    /// <summary>An extended attribute, empty where there is none.</summary>
    /// <remarks>An O_PATH handle has no attributes of its own; its magic link leads to the very same file.</remarks>
    public static byte[] Attribute(SafeFileHandle handle, string name)
    {
        var buffer = stackalloc byte[MaxLink];
        var length = (int)GetAttribute($"/proc/self/fd/{handle.DangerousGetHandle()}", name, buffer, MaxLink);
        return length > 0 ? new ReadOnlySpan<byte>(buffer, length).ToArray() : [];
    }

    private static LinuxStat? StatX(SafeFileHandle handle, uint mask)
    {
        // struct statx: stx_uid at 20, stx_mode at 28, stx_mnt_id at 144.
        var buffer = stackalloc byte[256];
        return StatXCall((int)handle.DangerousGetHandle(), "", EmptyPath | NoSync, mask, buffer) == 0
            ? new LinuxStat(*(ushort*)(buffer + 28), *(uint*)(buffer + 20), (int)*(ulong*)(buffer + 144))
            : null;
    }

    private static SafeFileHandle? Handle(int descriptor) => descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "syscall", StringMarshalling = StringMarshalling.Utf8)]
    private static partial long OpenAt2Call(long number, int folder, string path, ulong* how, nuint size);

    [LibraryImport("libc", EntryPoint = "readlinkat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkAt(int folder, string path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatXCall(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, byte* buffer, nuint size);
}
