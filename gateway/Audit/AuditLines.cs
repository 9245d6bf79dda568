namespace Gateway.Audit;

/// <summary>One line of an audit log.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Without the newline; valid until the next line is asked for.</param>
/// <param name="Ended">False for a last line without its newline.</param>
internal readonly record struct RawLine(string File, long Number, ReadOnlyMemory<byte> Bytes, bool Ended);

/// <summary>Reads an audit log line by line, or in blocks of whole lines, with a bound on memory.</summary>
internal static class AuditLines
{
    private const int BlockSize = 1 << 20;

    /// <summary>No record is near as long: what is longer is no line.</summary>
    private const int LongestLine = 1 << 20;

    public static IEnumerable<RawLine> Read(string file)
    {
        foreach (var block in Blocks(file))
        {
            foreach (var line in block.Lines())
            {
                yield return line;
            }
        }
    }

    /// <summary>Blocks that end with a line's end, each with a buffer of its own.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IEnumerable<LineBlock> Blocks(string file)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var (carry, number) = (Array.Empty<byte>(), 1L);
        while (true)
        {
            var buffer = new byte[carry.Length + BlockSize];
            carry.CopyTo(buffer, 0);
            var read = stream.ReadAtLeast(buffer.AsSpan(carry.Length), BlockSize, throwOnEndOfStream: false);
            var length = carry.Length + read;
            var end = read < BlockSize ? length : Array.LastIndexOf(buffer, (byte)'\n', length - 1) + 1;
            if (end == 0 && length > LongestLine)
            {
                end = length;
            }

            if (end > 0)
            {
                var block = new LineBlock(file, number, buffer.AsMemory(0, end));
                number += buffer.AsSpan(0, end).Count((byte)'\n');
                yield return block;
            }

            carry = buffer[end..length];
            if (read < BlockSize)
            {
                yield break;
            }
        }
    }
}

/// <summary>Whole lines of one file.</summary>
/// <param name="First">The number of its first line.</param>
internal sealed record LineBlock(string File, long First, ReadOnlyMemory<byte> Bytes)
{
    public IEnumerable<RawLine> Lines()
    {
        var (rest, number) = (Bytes, First);
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            if (line.Length > 0)
            {
                yield return new RawLine(File, number, line, end >= 0);
            }

            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
        }
    }
}
