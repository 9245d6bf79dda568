using System.Text;

namespace Gateway.Audit;

/// <summary>A record could not be written: the request that it is about is refused (I62).</summary>
internal sealed class AuditWriteException(string path, Exception inner) : IOException($"audit log {path} cannot be written: {inner.Message}", inner);

/// <summary>
/// The audit log's file: append-only JSON lines whose chain goes on over restarts. A write returns when the operating system
/// has the bytes; a second writer on the same file is refused.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly FileStream file;
    private readonly string path;
    private long seq;
    private string last;
    private bool torn;

    private readonly FileStream? held;

    private AuditLog(string path, FileStream? held, FileStream file, long seq, string last, bool torn)
    {
        (this.path, this.held, this.file, this.seq, this.last, this.torn) = (path, held, file, seq, last, torn);
    }

    /// <exception cref="IOException">The file cannot be opened, is a symlink, or is in use by another gateway.</exception>
    /// <exception cref="FormatException">Its last line is no record: the chain cannot go on.</exception>
    public static AuditLog Open(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }

        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"audit log {path} is a symbolic link; name the file itself");
        }

        // A lock beside the file: readers such as verify are welcome while the gateway runs, a second writer is not.
        var held = File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.Device) ? null : new FileStream(path + ".lock", new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = OwnerOnly,
        });
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
        try
        {
            var (seq, last, torn) = AuditTail.Read(file, path);
            file.Seek(0, SeekOrigin.End);
            return new AuditLog(path, held, file, seq, last, torn);
        }
        catch
        {
            file.Dispose();
            held?.Dispose();
            throw;
        }
    }

    /// <exception cref="AuditWriteException">The record is not in the file.</exception>
    public async ValueTask WriteAsync(AuditRecord record)
    {
        await gate.WaitAsync();
        try
        {
            var (line, hash) = AuditChain.Write(record, seq + 1, last);

            // What a failed write may have left is closed first, so that no record is glued to it.
            await file.WriteAsync(torn ? (byte[])[.. "\n"u8, .. line] : line);
            await file.FlushAsync();
            (seq, last, torn) = (seq + 1, hash, false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException or UnauthorizedAccessException)
        {
            torn = true;
            throw new AuditWriteException(path, e);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        held?.Dispose();
        gate.Dispose();
    }

    /// <summary>Reads the end of an existing file.</summary>
    private static class AuditTail
    {
        private const int Window = 64 << 10;

        public static (long Seq, string Hash, bool Torn) Read(FileStream file, string path)
        {
            if (file.Length == 0)
            {
                return (0, AuditChain.Start, false);
            }

            var start = Math.Max(0, file.Length - Window);
            file.Seek(start, SeekOrigin.Begin);
            var bytes = new byte[file.Length - start];
            file.ReadExactly(bytes);
            var torn = bytes[^1] != (byte)'\n';
            var lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines.Reverse().Skip(torn ? 1 : 0))
            {
                if (AuditLine.TryParse(line, out var parsed))
                {
                    return (parsed.Seq, parsed.Hash, torn);
                }
            }

            return torn && lines.Length == 1
                ? (0, AuditChain.Start, true)
                : throw new FormatException($"audit log {path} does not end with an audit record; move it away and start anew");
        }
    }
}
