using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Wire;

/// <summary>Takes bytes from a pipe, never more than asked for: what follows belongs to the next request or to a hijacked stream.</summary>
internal static class WireRead
{
    /// <exception cref="WireDefectException">The peer ended before one byte came.</exception>
    public static async ValueTask<int> SomeAsync(PipeReader input, Memory<byte> destination, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            if (!read.Buffer.IsEmpty)
            {
                var take = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, destination.Length));
                take.CopyTo(destination.Span);
                input.AdvanceTo(take.End);
                return (int)take.Length;
            }

            input.AdvanceTo(read.Buffer.Start);
            if (read.IsCanceled)
            {
                throw new WireDefectException("the gateway ended the connection");
            }

            if (read.IsCompleted)
            {
                throw new WireDefectException("the body is shorter than its length says");
            }
        }
    }
}
