using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Forwarding;

/// <summary>Copies a stream of JSON values, one a line as the engine's encoder writes them (moby <c>daemon/server/router/system</c>), line by line.</summary>
internal static class JsonLines
{
    private const int MaxLine = 1 << 20;

    /// <summary>A line that is longer than 1 MiB is left out: another's may be among them, and ends nobody's stream.</summary>
    public static async Task CopyAsync(Stream source, Stream destination, LineRewrite rewrite, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(source);
        var isTooLong = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                await WriteAsync(buffer.Slice(0, end));
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                {
                    await WriteAsync(buffer);
                }

                return;
            }

            isTooLong |= buffer.Length > MaxLine;
            reader.AdvanceTo(isTooLong ? buffer.End : buffer.Start, buffer.End);
        }

        async Task WriteAsync(ReadOnlySequence<byte> bytes)
        {
            if (isTooLong || bytes.Length > MaxLine)
            {
                isTooLong = false;
                return;
            }

            var line = bytes.ToArray();
            if (!line.AsSpan().ContainsAnyExcept(" \r\t"u8) || await rewrite(line, cancellationToken) is not { } kept)
            {
                return;
            }

            await destination.WriteAsync((byte[])[.. kept, (byte)'\n'], cancellationToken);
            await destination.FlushAsync(cancellationToken);
        }
    }
}
