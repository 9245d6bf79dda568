namespace Gateway.Audit;

/// <summary>A record could not be written: the request that it is about is refused (I62).</summary>
internal sealed class AuditWriteException(string path, Exception inner) : IOException($"audit log {path} cannot be written: {inner.Message}", inner);

/// <summary>
/// The audit log: append-only JSON lines whose chain goes on over restarts and over files. A write returns when the operating
/// system has the bytes; a second writer on the same file is refused.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string path;
    private readonly FileStream? held;
    private readonly AuditHead? head;
    private FileStream file;
    private long seq;
    private string last;
    private bool torn;

    private AuditLog(string path, AuditLogOptions options, FileStream? held, AuditHead? head, FileStream file, (long Seq, string Hash, bool Torn) end)
    {
        (this.path, Options, this.held, this.head, this.file) = (path, options, held, head, file);
        (seq, last, torn) = end;
    }

    public AuditLogOptions Options { get; }

    /// <exception cref="IOException">The file cannot be opened, is a symlink, or is in use by another gateway.</exception>
    /// <exception cref="FormatException">Its last line is no record: the chain cannot go on.</exception>
    public static AuditLog Open(string path, AuditLogOptions? options = null)
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

        // A device has no files beside it. For a file there is a lock: readers such as verify are welcome, a second writer is not.
        var device = Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
        var held = device ? null : new FileStream(path + ".lock", new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly });
        FileStream? file = null;
        AuditHead? head = null;
        try
        {
            file = OpenFile(path);
            var end = AuditEnd.Find(file, path, device ? null : AuditHead.Read(AuditFiles.Head(path)));
            head = device ? null : AuditHead.Open(AuditFiles.Head(path));
            file.Seek(0, SeekOrigin.End);
            return new AuditLog(path, options ?? new AuditLogOptions(), held, head, file, end);
        }
        catch
        {
            head?.Dispose();
            file?.Dispose();
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
            if (Options.MaxSize is { } most && head is not null && file.Position > 0 && file.Position + line.Length > most)
            {
                Rotate();
            }

            // What a failed write may have left is closed first, so that no record is glued to it.
            await file.WriteAsync(torn ? (byte[])[.. "\n"u8, .. line] : line);
            await file.FlushAsync();
            (seq, last, torn) = (seq + 1, hash, false);
            head?.Write(seq, last);
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

    /// <summary>Opens the file of that name again: after somebody has moved the old one away. The chain goes on.</summary>
    /// <exception cref="IOException">It cannot be opened; the old one stays in use.</exception>
    public void Reopen()
    {
        gate.Wait();
        try
        {
            var next = OpenFile(path);
            next.Seek(0, SeekOrigin.End);
            torn = torn && next.Length > 0;
            file.Dispose();
            file = next;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        file.Dispose();
        head?.Dispose();
        held?.Dispose();
        gate.Dispose();
    }

    /// <summary>FILE becomes FILE.1, FILE.1 becomes FILE.2 and so on. Where that fails, the log goes on in the file that it has.</summary>
    private void Rotate()
    {
        try
        {
            if (Options.Keep < 1)
            {
                File.Delete(path);
            }
            else
            {
                File.Delete(AuditFiles.Older(path, Options.Keep));
                for (var number = Options.Keep - 1; number >= 1; number--)
                {
                    if (File.Exists(AuditFiles.Older(path, number)))
                    {
                        File.Move(AuditFiles.Older(path, number), AuditFiles.Older(path, number + 1), overwrite: true);
                    }
                }

                File.Move(path, AuditFiles.Older(path, 1), overwrite: true);
            }

            var next = OpenFile(path);
            file.Dispose();
            (file, torn) = (next, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A log that is too long is better than none.
        }
    }

    private static FileStream OpenFile(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = OwnerOnly,
    });
}
