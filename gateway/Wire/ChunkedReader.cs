using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Gateway.Wire;

/// <summary>Reads a chunked body strictly (RFC 9112 §7.1): CR LF only, extensions and trailers read, bounded and dropped.</summary>
internal sealed class ChunkedReader
{
    private const int MaxLine = 1 << 10;
    private const int MaxTrailers = 8 << 10;
    private long left;
    private bool afterData;

    public bool Done { get; private set; }

    /// <summary>Copies the next bytes of data; 0 only at the end of the body.</summary>
    /// <exception cref="WireDefectException">The framing is wrong, or the peer ended early.</exception>
    public async ValueTask<int> ReadAsync(PipeReader input, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (left == 0)
        {
            if (Done)
            {
                return 0;
            }

            if (afterData && (await LineAsync(input, cancellationToken)).Length > 0)
            {
                throw new WireDefectException("a chunk is longer than its size says");
            }

            left = Size(await LineAsync(input, cancellationToken));
            afterData = left > 0;
            if (left == 0)
            {
                await SkipTrailersAsync(input, cancellationToken);
                Done = true;
            }
        }

        var read = await WireRead.SomeAsync(input, destination[..(int)Math.Min(left, destination.Length)], cancellationToken);
        left -= read;
        return read;
    }

    private static long Size(string line)
    {
        var digits = line.Split(';')[0].TrimEnd(' ', '\t');
        return digits.Length is > 0 and <= 13 && long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            ? size
            : throw new WireDefectException("a chunk's size is not a plain hexadecimal number");
    }

    private static async ValueTask SkipTrailersAsync(PipeReader input, CancellationToken cancellationToken)
    {
        var total = 0;
        while (await LineAsync(input, cancellationToken) is { Length: > 0 } line)
        {
            total += line.Length;
            if (total > MaxTrailers)
            {
                throw new WireDefectException("the body's trailers are too long");
            }
        }
    }

    private static async ValueTask<string> LineAsync(PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var reader = new SequenceReader<byte>(read.Buffer);
            if (reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n') && line.Length <= MaxLine)
            {
                var text = Encoding.Latin1.GetString(line);
                input.AdvanceTo(reader.Position);
                return text.EndsWith('\r') && !text.AsSpan(0, text.Length - 1).ContainsAnyExceptInRange(' ', '~')
                    ? text[..^1]
                    : throw new WireDefectException("a chunk line does not end with CR LF, or holds a control character");
            }

            var tooLong = read.Buffer.Length > MaxLine;
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (tooLong || read.IsCompleted || read.IsCanceled)
            {
                throw new WireDefectException(tooLong ? "a chunk line is too long" : read.IsCanceled ? "the gateway ended the connection" : "the body ended before its last chunk");
            }
        }
    }
}
