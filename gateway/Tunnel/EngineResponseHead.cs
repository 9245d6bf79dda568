using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Gateway.Forwarding;

namespace Gateway.Tunnel;

/// <summary>The head of the engine's answer to a hijack request, read from the raw connection so that not one byte of the stream behind it is lost.</summary>
internal sealed record EngineResponseHead(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers)
{
    private const int MaxHead = 32 << 10;

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    public string? Header(string name) =>
        Headers.FirstOrDefault(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <exception cref="EngineAnswerException">The engine closed early, or its head is no HTTP/1.1 or too long.</exception>
    public static async Task<EngineResponseHead> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (Find(read.Buffer) is { } length)
            {
                var head = Parse(Encoding.Latin1.GetString(read.Buffer.Slice(0, length)));
                reader.AdvanceTo(read.Buffer.GetPosition(length));
                return head;
            }

            if (read.IsCompleted || read.Buffer.Length > MaxHead)
            {
                throw new EngineAnswerException("the engine ended the connection before its answer's head was complete");
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static long? Find(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, End) ? reader.Consumed : null;
    }

    private static EngineResponseHead Parse(string text)
    {
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = lines[0].Split(' ', 3);
        if (status.Length < 2 || status[0] != "HTTP/1.1" || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new EngineAnswerException("the engine's answer is no HTTP/1.1");
        }

        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => KeyValuePair.Create(parts[0].Trim(), parts[1].Trim()));
        return new EngineResponseHead(code, [.. headers]);
    }
}
