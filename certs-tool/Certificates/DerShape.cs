namespace CertsTool.Certificates;

/// <summary>
/// Looks at untrusted DER before a recursive parser does: one value, definite lengths, nesting that no request or certificate
/// exceeds. So no input can drive the parser into the end of its stack.
/// </summary>
internal static class DerShape
{
    private const int MaxDepth = 32;

    /// <exception cref="FormatException">The bytes are not one well-formed value.</exception>
    public static void Check(ReadOnlySpan<byte> bytes)
    {
        Span<int> ends = stackalloc int[MaxDepth];
        var (depth, at, values) = (0, 0, 0);
        while (at < bytes.Length || depth > 0)
        {
            if (depth > 0 && at == ends[depth - 1])
            {
                depth--;
                continue;
            }

            if (depth == 0 && values++ > 0)
            {
                throw new FormatException("there are bytes after its end");
            }

            var limit = depth > 0 ? ends[depth - 1] : bytes.Length;
            var tag = Next(bytes, ref at, limit);
            if ((tag & 0x1f) == 0x1f)
            {
                while ((Next(bytes, ref at, limit) & 0x80) != 0)
                {
                }
            }

            var length = Length(bytes, ref at, limit);
            if (length > limit - at)
            {
                throw new FormatException("it is cut off");
            }

            if ((tag & 0x20) == 0)
            {
                at += length;
            }
            else if (depth == MaxDepth)
            {
                throw new FormatException("it is nested too deeply");
            }
            else
            {
                ends[depth++] = at + length;
            }
        }
    }

    private static int Length(ReadOnlySpan<byte> bytes, ref int at, int limit)
    {
        int first = Next(bytes, ref at, limit);
        if (first < 0x80)
        {
            return first;
        }

        if (first is 0x80 or > 0x83)
        {
            throw new FormatException("a length in it is not definite, or too large");
        }

        var length = 0;
        for (var i = 0; i < (first & 0x7f); i++)
        {
            length = (length << 8) | Next(bytes, ref at, limit);
        }

        return length;
    }

    private static byte Next(ReadOnlySpan<byte> bytes, ref int at, int limit) => at < limit ? bytes[at++] : throw new FormatException("it is cut off");
}
