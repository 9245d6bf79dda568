using System.Runtime.InteropServices;

namespace Gateway.Policy.Reach;

/// <summary>Type, mode and owner of one path of this host, the last component not followed (statx(2)).</summary>
internal readonly partial record struct HostStat(int Mode, uint Owner)
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int BasicStats = 0x7ff;
    private const int Format = 0xF000;

    public bool IsFolder => (Mode & Format) == 0x4000;

    public bool IsLink => (Mode & Format) == 0xA000;

    public bool IsSocket => (Mode & Format) == 0xC000;

    public bool IsBlockDevice => (Mode & Format) == 0x6000;

    /// <summary>Group or others may write.</summary>
    public bool WritableByOthers => (Mode & 0x12) != 0;

    /// <summary>Neither group nor others may enter.</summary>
    public bool ClosedToOthers => (Mode & 0x9) == 0;

    /// <summary>Null where there is nothing, or where this account may not look.</summary>
    public static unsafe HostStat? Of(string path)
    {
        // struct statx: stx_uid at 20, stx_mode at 28.
        var buffer = stackalloc byte[256];
        return Statx(CurrentFolder, path, NoFollow, BasicStats, buffer) == 0 ? new HostStat(*(ushort*)(buffer + 28), *(uint*)(buffer + 20)) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
