using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Forwarding;

/// <summary>Copies a stream of JSON values, one a line as the engine's encoder writes them (moby <c>daemon/server/router/system</c>), line by line.</summary>
internal static class JsonLines
{
    private const int MaxLine = 1 << 20;

    /// <exception cref="EngineAnswerException">A line is longer than 1 MiB.</exception>
    public static async Task CopyAsync(Stream source, Stream destination, LineRewrite rewrite, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(source);
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                await WriteAsync(buffer.Slice(0, end).ToArray());
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                {
                    await WriteAsync(buffer.ToArray());
                }

                return;
            }

            if (buffer.Length > MaxLine)
            {
                throw new EngineAnswerException("a line of the engine's stream is longer than 1 MiB");
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        async Task WriteAsync(byte[] line)
        {
            if (!line.AsSpan().ContainsAnyExcept(" \r\t"u8) || await rewrite(line, cancellationToken) is not { } kept)
            {
                return;
            }

            await destination.WriteAsync((byte[])[.. kept, (byte)'\n'], cancellationToken);
            await destination.FlushAsync(cancellationToken);
        }
    }
}
