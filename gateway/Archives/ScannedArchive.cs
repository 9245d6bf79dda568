namespace Gateway.Archives;

/// <summary>
/// A tar archive on its way to an engine that unpacks it as root (threats, rule B8): each header is read and written anew before a byte
/// of its entry goes on, so that a reader sees exactly the entries that were checked. Only one header is held at a time.
/// </summary>
/// <remarks>What is refused ends the stream with an <see cref="ArchiveRefusedException"/>; entries before it went on already.</remarks>
internal sealed class ScannedArchive(Stream source) : Stream
{
    private const int MaxExtension = 64 << 10;
    private const int MaxPadding = 1 << 20;

    private readonly byte[] block = new byte[TarHeader.Length];
    private ReadOnlyMemory<byte> written;
    private long contents;
    private int padding;
    private bool started;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ArchiveRefusedException">The next entry is not passed on.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (written.IsEmpty && contents == 0 && !ended && !buffer.IsEmpty)
        {
            written = await NextAsync(cancellationToken);
        }

        if (!written.IsEmpty)
        {
            var length = Math.Min(buffer.Length, written.Length);
            written[..length].CopyTo(buffer);
            written = written[length..];
            return length;
        }

        if (contents == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await source.ReadAsync(buffer[..(int)Math.Min(buffer.Length, contents)], cancellationToken);
        contents -= read > 0 ? read : throw Short();
        if (contents == 0)
        {
            // What the caller wrote between contents and header is nothing to anybody.
            await FillAsync(block.AsMemory(0, padding), cancellationToken);
            written = TarWriter.EndOfArchive[..padding];
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>The next entry's header, or the archive's end.</summary>
    private async Task<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellationToken)
    {
        PaxRecords? pax = null;
        byte[]? longName = null;
        byte[]? longLink = null;
        while (await BlockAsync(cancellationToken))
        {
            var header = TarHeader.Read(block);
            switch ((char)header.Type)
            {
                case 'x' when pax is null:
                    pax = PaxRecords.Parse(await ExtensionAsync(header.Size, cancellationToken));
                    break;
                case 'g' when PaxRecords.Parse(await ExtensionAsync(header.Size, cancellationToken)).SaysNothing:
                    break;
                case 'L' when longName is null:
                    longName = Text(await ExtensionAsync(header.Size, cancellationToken));
                    break;
                case 'K' when longLink is null:
                    longLink = Text(await ExtensionAsync(header.Size, cancellationToken));
                    break;
                case 'x' or 'g' or 'L' or 'K':
                    throw new ArchiveRefusedException("the archive has two extensions for one entry, or one for all entries");
                default:
                    var entry = TarEntry.Of(header, pax, longName, longLink);
                    (contents, padding) = (entry.Size, TarWriter.Padding(entry.Size));
                    return TarWriter.Header(entry);
            }
        }

        if (pax is not null || longName is not null || longLink is not null)
        {
            throw Short();
        }

        ended = true;
        return TarWriter.EndOfArchive;
    }

    /// <summary>The next block; false where the archive has ended, and nothing but empty blocks follows.</summary>
    private async Task<bool> BlockAsync(CancellationToken cancellationToken)
    {
        var read = await source.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
        {
            return false;
        }

        // What is tar and begins so all the same (a file called BZh…) goes on as tar.
        if (!started && TarHeader.CompressionOf(block) is { } compression && !TarHeader.IsHeader(block))
        {
            throw new ArchiveRefusedException($"the archive is compressed ({compression}), so that its entries cannot be looked at; into a container with a writable bind only plain tar archives are passed on");
        }

        started = true;
        if (read < block.Length)
        {
            throw Short();
        }

        if (block.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
        {
            return true;
        }

        for (var total = 0; (read = await source.ReadAsync(block, cancellationToken)) > 0;)
        {
            total += read;
            if (total > MaxPadding || block.AsSpan(0, read).IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new ArchiveRefusedException("something follows the end of the archive");
            }
        }

        return false;
    }

    private async Task<byte[]> ExtensionAsync(long size, CancellationToken cancellationToken)
    {
        if (size is < 1 or > MaxExtension)
        {
            throw new ArchiveRefusedException($"an extension of the archive is empty or longer than {MaxExtension >> 10} KiB");
        }

        var whole = new byte[size + TarWriter.Padding(size)];
        await FillAsync(whole, cancellationToken);
        return whole[..(int)size];
    }

    private async Task FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken) < buffer.Length)
        {
            throw Short();
        }
    }

    /// <summary>GNU tar ends long names with a NUL.</summary>
    private static byte[] Text(byte[] name) => name is [.., 0] ? name[..^1] : name;

    private static ArchiveRefusedException Short() => new("the archive ends in the middle of an entry");
}
