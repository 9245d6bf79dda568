namespace Gateway.Archives;

/// <summary>
/// One header block as it stands in an archive: POSIX <c>ustar</c>, GNU tar's, or the old one without a magic. What is neither, and
/// what has bytes where these formats have none, is refused. Names are bytes, as file systems have them.
/// </summary>
internal sealed record TarHeader(byte Type, byte[] Name, byte[] LinkName, long Mode, long Uid, long Gid, long Size, long Modified)
{
    public const int Length = 512;
    public const int NameLength = 100;

    private static readonly string[] Compressions = ["gzip", "bzip2", "xz", "zstd"];

    /// <param name="block">Of <see cref="Length"/> bytes.</param>
    /// <exception cref="ArchiveRefusedException">It is no header that is understood whole.</exception>
    public static TarHeader Read(ReadOnlySpan<byte> block)
    {
        if (TarNumber.Read(block[148..156], "checksum") != Checksum(block))
        {
            throw new ArchiveRefusedException("a header of the archive has a wrong checksum");
        }

        var magic = block[257..265];
        ReadOnlySpan<byte> prefix = [];
        if (magic.SequenceEqual("ustar\000"u8))
        {
            prefix = Text(block[345..500]);
            RefuseUnknown(block[500..]);
        }
        else if (magic.SequenceEqual("ustar  \0"u8))
        {
            // Times of access and change, which GNU tar keeps there, are read and left out. Behind them lies what sparse files need.
            TarNumber.Read(block[345..357], "time");
            TarNumber.Read(block[357..369], "time");
            RefuseUnknown(block[369..]);
        }
        else
        {
            // Where there was nothing before POSIX, GNU tar writes numbers of a device all the same.
            RefuseUnknown(block[257..329]);
            TarNumber.Read(block[329..337], "device");
            TarNumber.Read(block[337..345], "device");
            RefuseUnknown(block[345..]);
        }

        var name = Text(block[..NameLength]);
        return new TarHeader(
            block[156],
            prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name],
            Text(block[157..257]).ToArray(),
            TarNumber.Read(block[100..108], "mode"),
            TarNumber.Read(block[108..116], "user id"),
            TarNumber.Read(block[116..124], "group id"),
            TarNumber.Read(block[124..136], "size"),
            TarNumber.Read(block[136..148], "time"));
    }

    /// <summary>True for a block that a tar reader would take for a header, by its magic.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block) => block[257..262].SequenceEqual("ustar"u8);

    /// <summary>The compression that these first bytes of a file tell of, or null.</summary>
    public static string? CompressionOf(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, 0x08, ..] => Compressions[0],
        [(byte)'B', (byte)'Z', (byte)'h', ..] => Compressions[1],
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, ..] => Compressions[2],
        [0x28, 0xB5, 0x2F, 0xFD, ..] or [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => Compressions[3],
        _ => null,
    };

    /// <summary>The sum of all bytes, those of the checksum itself as spaces.</summary>
    public static long Checksum(ReadOnlySpan<byte> block)
    {
        var sum = 8L * ' ';
        for (var i = 0; i < block.Length; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : block[i];
        }

        return sum;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

    private static void RefuseUnknown(ReadOnlySpan<byte> rest)
    {
        if (rest.IndexOfAnyExcept((byte)0) >= 0)
        {
            throw new ArchiveRefusedException("a header of the archive is of a format that is not known; make the archive as pax, ustar or gnu, without sparse files");
        }
    }
}
