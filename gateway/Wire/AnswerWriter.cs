using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>What Kestrel writes answers to: counted, and gone nowhere once the connection was hijacked or cut.</summary>
internal sealed class AnswerWriter(PipeWriter output, ClientConnection connection) : PipeWriter
{
    private byte[] discarded = [];

    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    public override long UnflushedBytes => connection.IsOutOfKestrelsHands ? 0 : output.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => connection.IsOutOfKestrelsHands ? Discarded(sizeHint) : output.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => connection.IsOutOfKestrelsHands ? Discarded(sizeHint) : output.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (!connection.IsOutOfKestrelsHands)
        {
            connection.BytesOut += bytes;
            output.Advance(bytes);
        }
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        connection.IsOutOfKestrelsHands ? new ValueTask<FlushResult>(new FlushResult(false, false)) : output.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => output.CancelPendingFlush();

    // The transport completes its own pipes; a hijacked stream may still be using this one.
    public override void Complete(Exception? exception = null)
    {
        if (!connection.IsOutOfKestrelsHands)
        {
            output.Complete(exception);
        }
    }

    private byte[] Discarded(int sizeHint)
    {
        if (discarded.Length < Math.Max(sizeHint, 4096))
        {
            discarded = new byte[Math.Max(sizeHint, 4096)];
        }

        return discarded;
    }
}
