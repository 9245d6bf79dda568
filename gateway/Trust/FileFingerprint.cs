using System.Runtime.InteropServices;

namespace Gateway.Trust;

/// <summary>
/// What statx(2) says of every file that trust is read from, links followed: device, mount, inode, size, times. It differs
/// after a rename, a rewrite, a swapped link and a folder mounted over, which a file-system watcher may miss.
/// </summary>
internal sealed partial class FileFingerprint
{
    private const int CurrentFolder = -100;
    private const uint BasicStatsAndMount = 0x7ff | 0x1000;
    private readonly List<byte> bytes = [];

    /// <summary>The latest change of any of the files.</summary>
    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.UnixEpoch;

    public static FileFingerprint Of(TrustFiles files)
    {
        var print = new FileFingerprint();
        foreach (var file in files.Watched.Append(files.Policies).Concat(PolicyFiles(files.Policies)))
        {
            print.Add(file);
        }

        return print;
    }

    public bool SameAs(FileFingerprint? other) => other is not null && CollectionsMarshal.AsSpan(bytes).SequenceEqual(CollectionsMarshal.AsSpan(other.bytes));

    private static string[] PolicyFiles(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private unsafe void Add(string file)
    {
        // struct statx: ino 32, size 40, ctime 96, mtime 112, device 136, mount id 144.
        var stat = stackalloc byte[256];
        bytes.AddRange(System.Text.Encoding.UTF8.GetBytes(file));
        if (Statx(CurrentFolder, file, 0, BasicStatsAndMount, stat) != 0)
        {
            bytes.Add(0);
            return;
        }

        bytes.AddRange(new ReadOnlySpan<byte>(stat + 32, 16));
        bytes.AddRange(new ReadOnlySpan<byte>(stat + 96, 32));
        bytes.AddRange(new ReadOnlySpan<byte>(stat + 136, 16));
        foreach (var at in (int[])[96, 112])
        {
            var time = DateTimeOffset.UnixEpoch.AddSeconds(Math.Clamp(*(long*)(stat + at), 0, 1L << 36)).AddMilliseconds(*(uint*)(stat + at + 8) / 1e6);
            Newest = time > Newest ? time : Newest;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* buffer);
}
