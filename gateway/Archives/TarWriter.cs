using System.Globalization;
using System.Text;

namespace Gateway.Archives;

/// <summary>Writes an entry's header anew, from the checked entry alone: <c>ustar</c>, with a pax header before it for what that has no room for.</summary>
internal static class TarWriter
{
    private const int IdField = 8;
    private const int SizeField = 12;

    /// <summary>Two empty blocks.</summary>
    public static ReadOnlyMemory<byte> EndOfArchive { get; } = new byte[2 * TarHeader.Length];

    /// <summary>What stands between so many bytes of contents and the next header.</summary>
    public static int Padding(long size) => (int)(-size & (TarHeader.Length - 1));

    public static byte[] Header(TarEntry entry)
    {
        var records = Records(entry);
        return [.. records.Length == 0 ? [] : Extended(records), .. Block(Type(entry.Kind), entry.Name, entry.LinkName, entry.Mode, Fitting(entry.Uid, IdField), Fitting(entry.Gid, IdField), Fitting(entry.Size, SizeField), FittingTime(entry.Modified))];
    }

    private static byte Type(TarKind kind) => (byte)('0' + kind switch
    {
        TarKind.File => 0,
        TarKind.HardLink => 1,
        TarKind.Link => 2,
        TarKind.Folder => 5,
        _ => throw new InvalidOperationException($"tar kind {kind} is not known"),
    });

    private static byte[] Records(TarEntry entry)
    {
        using var text = new MemoryStream();

        // An engine takes an archive for a compressed one by its first bytes, which are those of a name.
        if (entry.Name.Length > TarHeader.NameLength || TarHeader.CompressionOf(entry.Name) is not null)
        {
            Record(text, "path", entry.Name);
        }

        if (entry.LinkName.Length > TarHeader.NameLength)
        {
            Record(text, "linkpath", entry.LinkName);
        }

        Number(text, "size", entry.Size, SizeField);
        Number(text, "uid", entry.Uid, IdField);
        Number(text, "gid", entry.Gid, IdField);
        if (FittingTime(entry.Modified).ToString(CultureInfo.InvariantCulture) != entry.Modified)
        {
            Record(text, "mtime", Encoding.ASCII.GetBytes(entry.Modified));
        }

        return text.ToArray();
    }

    private static void Number(MemoryStream text, string key, long number, int field)
    {
        if (number >= TarNumber.End(field))
        {
            Record(text, key, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static void Record(MemoryStream text, string key, byte[] value)
    {
        // Space, equals sign and new line; the length counts its own digits.
        var rest = key.Length + value.Length + 3;
        var length = rest + Digits(rest);
        length = rest + Digits(length);
        text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}=")));
        text.Write(value);
        text.WriteByte((byte)'\n');
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Extended(byte[] records) =>
        [.. Block((byte)'x', "PaxHeaders/entry"u8, [], 0x1A4, 0, 0, records.Length, 0), .. records, .. new byte[Padding(records.Length)]];

    private static long Fitting(long number, int field) => number < TarNumber.End(field) ? number : 0;

    private static long FittingTime(string time) => long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Fitting(seconds, SizeField) : 0;

    private static byte[] Block(byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, int mode, long uid, long gid, long size, long modified)
    {
        var block = new byte[TarHeader.Length];
        var span = block.AsSpan();
        Short(name).CopyTo(span);
        TarNumber.Write(span[100..108], mode);
        TarNumber.Write(span[108..116], uid);
        TarNumber.Write(span[116..124], gid);
        TarNumber.Write(span[124..136], size);
        TarNumber.Write(span[136..148], modified);
        span[156] = type;
        Short(link).CopyTo(span[157..]);
        "ustar\000"u8.CopyTo(span[257..]);
        TarNumber.Write(span[148..155], TarHeader.Checksum(block));
        span[155] = (byte)' ';
        return block;
    }

    private static ReadOnlySpan<byte> Short(ReadOnlySpan<byte> text) => text.Length > TarHeader.NameLength ? text[..TarHeader.NameLength] : text;
}
