using System.Collections.Concurrent;
using Gateway.Audit;
using Gateway.Policy;

namespace Gateway.Replay;

/// <summary>A recorded call that comes to something else now, or that cannot be decided again.</summary>
internal sealed record ReplayDifference(string File, long Line, RecordedCall Call, Replayed Now);

/// <summary>Replays whole logs: in blocks, on all processors, with memory that does not grow with the log.</summary>
internal sealed class ReplayRun(AccessPolicy policy)
{
    private const int MostKept = 10_000;
    private readonly Replayer replayer = new(policy);
    private readonly ConcurrentQueue<ReplayDifference> differences = new();
    private readonly ConcurrentQueue<(string File, long Line)> brokenLines = new();
    private long decisions;
    private long changed;
    private long undecided;
    private long skipped;
    private long broken;

    public long Decisions => decisions;

    public long Changed => changed;

    public long Undecided => undecided;

    /// <summary>Decisions that no policy makes.</summary>
    public long NotPolicy => skipped;

    /// <summary>Lines that are no records.</summary>
    public long Broken => broken;

    public IEnumerable<(string File, long Line)> BrokenLines => brokenLines.Order();

    /// <summary>In the order of the log; no more than ten thousand are kept.</summary>
    public IEnumerable<ReplayDifference> Differences => differences.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line);

    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Read(IReadOnlyList<string> files)
    {
        var blocks = Partitioner.Create(files.SelectMany(AuditLines.Blocks), EnumerablePartitionerOptions.NoBuffering);
        try
        {
            Parallel.ForEach(blocks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, Add);
        }
        catch (AggregateException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw e.InnerException;
        }
    }

    private void Add(LineBlock block)
    {
        foreach (var line in block.Lines())
        {
            if (RecordedCall.Parse(line.Bytes, out var isBroken) is not { } call)
            {
                if (isBroken && Interlocked.Increment(ref broken) <= MostKept)
                {
                    brokenLines.Enqueue((line.File, line.Number));
                }

                continue;
            }

            Interlocked.Increment(ref decisions);
            var now = replayer.Decide(call);
            if (now.Outcome == ReplayOutcome.NotPolicy)
            {
                Interlocked.Increment(ref skipped);
            }
            else if (now.Outcome != ReplayOutcome.Same)
            {
                var count = now.Outcome == ReplayOutcome.Changed ? Interlocked.Increment(ref changed) : Interlocked.Increment(ref undecided);
                if (count <= MostKept)
                {
                    differences.Enqueue(new ReplayDifference(line.File, line.Number, call, now));
                }
            }
        }
    }
}
