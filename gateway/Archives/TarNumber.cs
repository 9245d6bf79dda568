using System.Buffers.Text;

namespace Gateway.Archives;

/// <summary>Numbers of a tar header: octal digits (POSIX <c>ustar</c>), or big-endian two's complement behind a set first bit (GNU tar's base-256).</summary>
internal static class TarNumber
{
    private const byte Base256 = 0x80;
    private const byte Sign = 0x40;

    /// <exception cref="ArchiveRefusedException">It is neither, or does not fit into 64 bits.</exception>
    public static long Read(ReadOnlySpan<byte> field, string what) => (field[0] & Base256) != 0 ? ReadBase256(field, what) : ReadOctal(field, what);

    /// <summary>Octal digits to one less than the field's length, and a NUL. The number has to fit.</summary>
    public static void Write(Span<byte> field, long number)
    {
        for (var i = field.Length - 2; i >= 0; i--, number >>= 3)
        {
            field[i] = (byte)('0' + (number & 7));
        }
    }

    /// <summary>The first number that does not fit into a field of that many bytes.</summary>
    public static long End(int field) => 1L << (3 * (field - 1));

    /// <summary>Decimal digits of a pax record.</summary>
    /// <exception cref="ArchiveRefusedException">Something else, or too big.</exception>
    public static long ReadDecimal(ReadOnlySpan<byte> text, string what) =>
        text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : throw Unreadable(what);

    private static long ReadOctal(ReadOnlySpan<byte> field, string what)
    {
        var digits = field.TrimStart((byte)' ').TrimEnd(" \0"u8);
        long number = 0;
        foreach (var digit in digits)
        {
            number = digit is >= (byte)'0' and <= (byte)'7' && number < 1L << 60 ? (number << 3) + (digit - '0') : throw Unreadable(what);
        }

        return number;
    }

    private static long ReadBase256(ReadOnlySpan<byte> field, string what)
    {
        // The marker is no part of the number; the bit behind it is its sign.
        var negative = (field[0] & Sign) != 0;
        Int128 number = negative ? field[0] | ~(Int128)0xFF : field[0] & ~Base256;
        foreach (var part in field[1..])
        {
            number = (number << 8) | part;
        }

        return number >= long.MinValue && number <= long.MaxValue ? (long)number : throw Unreadable(what);
    }

    private static ArchiveRefusedException Unreadable(string what) => new($"the {what} in a header of the archive cannot be read");
}
