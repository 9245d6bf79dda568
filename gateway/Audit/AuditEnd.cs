namespace Gateway.Audit;

/// <summary>Where an existing log's chain ends, so that the next record can follow it.</summary>
internal static class AuditEnd
{
    private const int Window = 256 << 10;

    /// <param name="head">What the head file says: a log that is shorter than that was cut, and goes on behind the cut so that verify finds it.</param>
    /// <exception cref="FormatException">The last line is no record.</exception>
    public static (long Seq, string Hash, bool Torn) Find(FileStream file, string path, (long Seq, string Hash)? head)
    {
        var end = Read(file, path);
        if (end is { Seq: 0 } && File.Exists(AuditFiles.Older(path, 1)))
        {
            using var older = File.OpenRead(AuditFiles.Older(path, 1));
            var before = Read(older, AuditFiles.Older(path, 1));
            end = (before.Seq, before.Hash, end.Torn);
        }

        return head is { } known && known.Seq > end.Seq ? (known.Seq, known.Hash, end.Torn) : end;
    }

    private static (long Seq, string Hash, bool Torn) Read(FileStream file, string path)
    {
        if (file.Length == 0)
        {
            return (0, AuditChain.Start, false);
        }

        file.Seek(Math.Max(0, file.Length - Window), SeekOrigin.Begin);
        var bytes = new byte[Math.Min(file.Length, Window)];
        file.ReadExactly(bytes);
        var torn = bytes[^1] != (byte)'\n';
        var rest = bytes.AsSpan(0, torn ? bytes.AsSpan().LastIndexOf((byte)'\n') + 1 : bytes.Length);
        var whole = torn && rest.IsEmpty;
        while (!rest.IsEmpty)
        {
            var line = rest[..^1];
            var start = line.LastIndexOf((byte)'\n') + 1;
            if (AuditLine.TryParse(line[start..], out var parsed))
            {
                return (parsed.Seq, parsed.Hash, torn);
            }

            rest = rest[..start];
        }

        return whole ? (0, AuditChain.Start, true) : throw new FormatException($"audit log {path} does not end with an audit record; move it away and start anew");
    }
}
