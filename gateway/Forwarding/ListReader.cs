using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Gateway.Forwarding;

/// <summary>A piece of an answer that is a list, or an object of lists.</summary>
/// <param name="Member">The name of the list; empty where the answer itself is one.</param>
/// <param name="Element">One of its elements; null says that the list begins.</param>
/// <param name="Length">Of the element, in bytes.</param>
/// <param name="IsTooLong">An element that was passed over, as it is longer than <see cref="EngineClient.MaxAnswerBytes"/>.</param>
internal readonly record struct ListPiece(string Member, JsonElement? Element, int Length, bool IsTooLong);

/// <summary>
/// Reads the engine's lists element by element, of whatever length: everybody's objects are in them, and one user's must not make them too
/// long for another (threats §8, I64). In memory is one element, bounded.
/// </summary>
internal static class ListReader
{
    private static readonly StreamPipeReaderOptions Buffers = new(bufferSize: 64 << 10);

    /// <exception cref="EngineAnswerException">It is neither, or not JSON.</exception>
    public static async IAsyncEnumerable<ListPiece> ReadAsync(Stream source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(source, Buffers);
        var scan = new ListScan();
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                foreach (var bytes in read.Buffer)
                {
                    scan.Take(bytes.Span);
                }

                pipe.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    scan.End();
                }

                while (scan.Found.TryDequeue(out var piece))
                {
                    yield return piece;
                }

                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}
