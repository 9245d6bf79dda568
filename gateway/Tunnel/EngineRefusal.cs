using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Gateway.Forwarding;
using Gateway.Wire;

namespace Gateway.Tunnel;

/// <summary>The body of an answer that is no hijack: by its length, in chunks, or to the end of the connection.</summary>
internal static class EngineRefusal
{
    /// <exception cref="EngineAnswerException">It is longer than <paramref name="max"/>, or cut.</exception>
    public static async Task<byte[]> ReadAsync(PipeReader input, EngineResponseHead head, int max, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        try
        {
            if (head.Header("Transfer-Encoding") is not null)
            {
                var chunks = new ChunkedReader();
                var block = new byte[4096];
                int read;
                while ((read = await chunks.ReadAsync(input, block, cancellationToken)) > 0 && body.Length <= max)
                {
                    body.Write(block, 0, read);
                }
            }
            else
            {
                var length = long.TryParse(head.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : long.MaxValue;
                await ReadAsync(input, body, Math.Min(length, max + 1L), cancellationToken);
            }
        }
        catch (IOException e)
        {
            throw new EngineAnswerException("the engine's answer was cut", e);
        }

        return body.Length <= max ? body.ToArray() : throw new EngineAnswerException("the engine's refusal is too long");
    }

    private static async Task ReadAsync(PipeReader input, MemoryStream body, long length, CancellationToken cancellationToken)
    {
        while (body.Length < length)
        {
            var read = await input.ReadAsync(cancellationToken);
            var take = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, length - body.Length));
            body.Write(take.ToArray());
            input.AdvanceTo(take.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
