using System.Text;

namespace Gateway.Archives;

/// <summary>The records of a pax extended header (POSIX <c>pax</c>): <c>LENGTH KEY=VALUE\n</c>, each key once, every key known.</summary>
internal sealed class PaxRecords
{
    // What says nothing that an engine unpacks: it is read, and left out.
    private static readonly string[] LeftOut =
        ["atime", "ctime", "comment", "uname", "gname", "SCHILY.dev", "SCHILY.ino", "SCHILY.nlink", "LIBARCHIVE.creationtime", "hdrcharset"];

    private static readonly string[] Kept = ["path", "linkpath", "size", "uid", "gid", "mtime"];

    private readonly Dictionary<string, byte[]> values = new(StringComparer.Ordinal);

    /// <exception cref="ArchiveRefusedException">A record that cannot be read, or says what is not understood.</exception>
    public static PaxRecords Parse(ReadOnlySpan<byte> text)
    {
        var records = new PaxRecords();
        while (!text.IsEmpty)
        {
            var space = text.IndexOf((byte)' ');
            if (space is < 1 or > 9)
            {
                throw Unreadable();
            }

            var length = TarNumber.ReadDecimal(text[..space], "length of a pax record");
            if (length <= space + 1 || length > text.Length || text[(int)length - 1] != '\n')
            {
                throw Unreadable();
            }

            records.Add(text[(space + 1)..((int)length - 1)]);
            text = text[(int)length..];
        }

        return records;
    }

    /// <summary>The value, or null where there is none.</summary>
    public byte[]? Get(string key) => values.GetValueOrDefault(key);

    public bool SaysNothing => values.Count == 0;

    private void Add(ReadOnlySpan<byte> record)
    {
        var equals = record.IndexOf((byte)'=');
        var value = record[(equals + 1)..];
        if (equals < 1 || record[..equals].IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0)
        {
            throw Unreadable();
        }

        var key = Encoding.ASCII.GetString(record[..equals]);
        if (LeftOut.Contains(key))
        {
            return;
        }

        if (!Kept.Contains(key))
        {
            throw new ArchiveRefusedException(key.StartsWith("SCHILY.xattr.", StringComparison.Ordinal)
                ? $"the archive sets the attribute {key[13..]}, which like a set-uid bit may give rights to whoever starts the file; archive without attributes"
                : $"the archive holds the pax record \"{key}\", which is not known; sparse files and attributes are not passed on");
        }

        if (value.Contains((byte)0))
        {
            throw Unreadable();
        }

        if (value.IsEmpty || !values.TryAdd(key, value.ToArray()))
        {
            throw new ArchiveRefusedException($"the pax record \"{key}\" is empty or stands twice");
        }
    }

    private static ArchiveRefusedException Unreadable() => new("a pax record of the archive cannot be read");
}
