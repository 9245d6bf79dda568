namespace Gateway.Audit;

/// <summary>A log that is being written: gives its whole lines as they come, and goes over to the new file when the old one was moved away.</summary>
internal sealed class FollowedFile(string path) : IDisposable
{
    private const int Fingerprint = 4096;
    private readonly byte[] block = new byte[64 << 10];
    private readonly List<byte> pending = [];
    private readonly Queue<ReadOnlyMemory<byte>> lines = new();
    private FileStream? file;
    private byte[] beginning = [];

    public string Path { get; } = path;

    /// <summary>The next whole line, or null where there is none yet.</summary>
    public ReadOnlyMemory<byte>? Next()
    {
        if (lines.Count == 0)
        {
            Read();
            if (lines.Count == 0 && WasMoved())
            {
                file?.Dispose();
                (file, beginning) = (null, []);
                pending.Clear();
                Read();
            }
        }

        // Said with its type: null alone would become an empty memory, which is a line.
        return lines.TryDequeue(out var line) ? (ReadOnlyMemory<byte>?)line : null;
    }

    public void Dispose() => file?.Dispose();

    private void Read()
    {
        file ??= Open(Path);
        int read;
        while (file is not null && (read = file.Read(block)) > 0)
        {
            foreach (var value in block.AsSpan(0, read))
            {
                if (value != '\n')
                {
                    pending.Add(value);
                    continue;
                }

                lines.Enqueue(pending.ToArray());
                pending.Clear();
            }
        }
    }

    /// <summary>Whether another file has taken the name: no two logs begin alike, as each record holds its time, id and hash.</summary>
    private bool WasMoved()
    {
        if (file is null)
        {
            return false;
        }

        if (beginning.Length < Fingerprint)
        {
            beginning = Begin(file);
        }

        using var now = Open(Path);
        return now is not null && beginning.Length > 0 && (now.Length < file.Position || !Begin(now).AsSpan().StartsWith(beginning.AsSpan(0, Math.Min(beginning.Length, (int)Math.Min(now.Length, Fingerprint)))));
    }

    private static byte[] Begin(FileStream file)
    {
        var bytes = new byte[Fingerprint];
        return bytes[..RandomAccess.Read(file.SafeFileHandle, bytes, 0)];
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        }
        catch (FileNotFoundException)
        {
            // Between the moving away and the first record.
            return null;
        }
    }
}
