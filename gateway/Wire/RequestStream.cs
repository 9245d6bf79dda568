using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Gateway.Wire;

/// <summary>
/// What Kestrel reads instead of the client's bytes: each head and each chunk is written anew, and the next request is not
/// touched before Kestrel asks for it, so that the connection's current head is always that of the request being served.
/// Bytes behind a request stay in the transport: they are the next request's, or a hijacked stream's.
/// </summary>
internal sealed class RequestStream(PipeReader input, ClientConnection connection, TimeProvider time) : Stream
{
    private const int MaxChunk = 16 << 10;

    /// <summary>Four hexadecimal digits and CR LF.</summary>
    private const int ChunkHead = 6;
    private static readonly TimeSpan HeadTimeout = TimeSpan.FromSeconds(10);
    private static readonly byte[] LastChunk = "0\r\n\r\n"u8.ToArray();
    private ReadOnlyMemory<byte> pending;
    private byte[]? chunk;
    private long bodyLeft;
    private ChunkedReader? chunks;
    private bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (pending.IsEmpty)
        {
            if (ended || connection.IsOutOfKestrelsHands)
            {
                return 0;
            }

            try
            {
                if (bodyLeft > 0)
                {
                    return await BodyAsync(buffer, cancellationToken);
                }

                pending = chunks is null ? await NextHeadAsync(cancellationToken) : await NextChunkAsync(cancellationToken);
            }
            catch (WireDefectException e)
            {
                ended = true;
                connection.BodyDefect = new RequestDefect(400, e.Message);
                throw;
            }
        }

        var count = Math.Min(pending.Length, buffer.Length);
        pending[..count].CopyTo(buffer);
        pending = pending[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> BodyAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await WireRead.SomeAsync(input, buffer[..(int)Math.Min(bodyLeft, buffer.Length)], cancellationToken);
        bodyLeft -= read;
        connection.BytesIn += read;
        return read;
    }

    private async ValueTask<ReadOnlyMemory<byte>> NextChunkAsync(CancellationToken cancellationToken)
    {
        // One buffer for all chunks: what is pending of the last one was taken before the next is asked for.
        chunk ??= new byte[ChunkHead + MaxChunk + 2];
        var read = await chunks!.ReadAsync(input, chunk.AsMemory(ChunkHead, MaxChunk), cancellationToken);
        connection.BytesIn += read;
        if (read == 0)
        {
            chunks = null;
            return LastChunk;
        }

        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{read:x4}\r\n"), chunk);
        "\r\n"u8.CopyTo(chunk.AsSpan(ChunkHead + read));
        return chunk.AsMemory(0, ChunkHead + read + 2);
    }

    private async ValueTask<ReadOnlyMemory<byte>> NextHeadAsync(CancellationToken cancellationToken)
    {
        connection.Idle();
        var head = connection.IsCut ? null : await ReadHeadAsync(cancellationToken);
        if (head is null || !connection.Begin(head))
        {
            if (connection.IsCut)
            {
                await connection.FarewellAsync();
            }

            ended = true;
            return ReadOnlyMemory<byte>.Empty;
        }

        ended = head.Defect is not null;
        bodyLeft = ended ? 0 : head.ContentLength ?? 0;
        chunks = !ended && head.Chunked ? new ChunkedReader() : null;
        return Write(head);
    }

    private async ValueTask<RequestHead?> ReadHeadAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var started = false;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return RequestHead.Broken(408, "the request's head did not arrive within 10 s");
            }

            var buffer = read.Buffer;
            if (Find(buffer) is { } length && length <= RequestHeadParser.MaxHead)
            {
                var head = RequestHeadParser.Parse(buffer.Slice(0, length).ToArray());
                input.AdvanceTo(buffer.GetPosition(length));
                return head;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (buffer.Length > RequestHeadParser.MaxHead)
            {
                return RequestHead.Broken(431, $"the request's head is longer than {RequestHeadParser.MaxHead} bytes");
            }

            if (connection.IsCut)
            {
                return null;
            }

            if (read.IsCompleted)
            {
                return buffer.IsEmpty ? null : RequestHead.Broken(400, "the connection ended within a request's head");
            }

            if (!started && !buffer.IsEmpty)
            {
                started = true;
                timeout.CancelAfter(HeadTimeout);
            }
        }
    }

    /// <summary>The length of the head with its empty line; a bare LF ends it too, so that the parser can refuse it by name.</summary>
    private static long? Find(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        var empty = true;
        while (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            var blank = line.Length == 0 || (line.Length == 1 && line.FirstSpan[0] == '\r');
            if (blank)
            {
                return reader.Consumed;
            }

            empty = false;
        }

        return empty && buffer.Length > RequestHeadParser.MaxHead ? buffer.Length : null;
    }

    private static byte[] Write(RequestHead head)
    {
        // A constant target: Kestrel's own reading of one never matters. Methods it might treat specially become GET.
        var method = head.Defect is null && head.Method is "HEAD" or "POST" or "PUT" or "DELETE" ? head.Method : "GET";
        var text = new StringBuilder($"{method} / HTTP/1.1\r\nHost: gateway\r\n");
        if (head.Defect is not null || head.Close)
        {
            text.Append("Connection: close\r\n");
        }

        if (head.Defect is null && method is "POST" or "PUT")
        {
            text.Append(head.Chunked ? "Transfer-Encoding: chunked\r\n" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {head.ContentLength ?? 0}\r\n"));
            text.Append(head.ExpectsContinue ? "Expect: 100-continue\r\n" : "");
        }

        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }
}
