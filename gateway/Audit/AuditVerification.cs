using System.Globalization;

namespace Gateway.Audit;

/// <summary>Walks the chain over all files and says which records were changed, removed, put in or moved, by their seq.</summary>
internal sealed class AuditVerification
{
    private const int MostFindings = 200;
    private readonly List<string> findings = [];
    private readonly SortedDictionary<long, (long Last, string Where)> missing = [];
    private readonly HashSet<long> late = [];
    private long seq;
    private string? hash;
    private bool lastWasChanged;
    private (RawLine Line, AuditLine Record)? doubtful;

    public long Records { get; private set; }

    public int Torn { get; private set; }

    /// <summary>What stands first; 0 where nothing does.</summary>
    public long FirstSeq { get; private set; }

    public long LastSeq => seq;

    public string LastHash => hash ?? AuditChain.Start;

    public IReadOnlyList<string> Findings => findings;

    public void Add(RawLine line)
    {
        if (!AuditLine.TryParse(line.Bytes.Span, out var record))
        {
            // A crash or a full disk leaves half a line; the chain goes on behind it, and a gap shows what was lost.
            if (line.Bytes.Span is [(byte)'{', ..] && line.Bytes.Span[^1] != '}')
            {
                Torn++;
            }
            else
            {
                Find(line, "is not an audit record: it was put in, or a record was changed beyond reading");
            }

            return;
        }

        Records++;
        Settle(record);
        if (hash == record.Previous || hash is null || record.Seq != seq + 1 || lastWasChanged)
        {
            Walk(line, record);
            return;
        }

        // Whether it was put in before the real record of its number, or stands in the place of it, the next line tells.
        doubtful = (line with { Bytes = default }, record);
    }

    /// <summary>A record that does not follow the one before it, once it is known what comes behind it.</summary>
    private void Settle(AuditLine next)
    {
        if (doubtful is not var (line, record))
        {
            return;
        }

        doubtful = null;
        if (next.Seq == record.Seq && next.Previous == hash)
        {
            Find(line, $"seq {Number(record.Seq)}: the record was put in; the real one of that number stands behind it");
            return;
        }

        if (record.IsIntact)
        {
            Find(line, $"seq {Number(record.Seq)}: the record does not follow the one before it: seq {Number(seq)} was replaced by another with a hash of its own");
        }

        Walk(line, record);
    }

    private void Walk(RawLine line, AuditLine record)
    {
        if (!record.IsIntact)
        {
            Find(line, $"seq {Number(record.Seq)}: the record was changed");
        }

        if (hash is null)
        {
            FirstSeq = record.Seq;
            if (record.Seq == 1 && record.Previous != AuditChain.Start)
            {
                Find(line, "seq 1: the record is not the first of a chain: the ones before it were removed, or it was put in");
            }

            Accept(record);
        }
        else if (record.Seq == seq + 1)
        {
            Accept(record);
        }
        else if (record.Seq > seq + 1)
        {
            missing.Add(seq + 1, (record.Seq - 1, $"{line.File}:{Number(line.Number)}"));
            Accept(record);
        }
        else
        {
            Behind(line, record);
        }
    }

    /// <summary>After the last line: what is missing, and whether the end was cut off.</summary>
    public void Finish((long Seq, string Hash)? head)
    {
        Settle(default);
        foreach (var (first, (last, where)) in missing)
        {
            var gone = Enumerable.Range(0, (int)Math.Min(last - first + 1, 1_000_000)).Select(i => first + i).Where(s => !late.Contains(s)).ToList();
            if (gone.Count > 0)
            {
                findings.Add($"{where}: {(gone.Count == 1 ? $"seq {Number(gone[0])}: the record was" : $"seq {Number(gone[0])} to {Number(gone[^1])}: {Number(gone.Count)} records were")} removed before this line");
            }
        }

        if (head is { } end && end.Seq > seq)
        {
            findings.Add($"seq {Number(seq + 1)} to {Number(end.Seq)}: {Number(end.Seq - seq)} record(s) were cut off at the end");
        }
        else if (head is { } same && same.Seq == seq && same.Hash != hash)
        {
            findings.Add($"seq {Number(seq)}: the last record is not the one that the gateway wrote");
        }
    }

    private void Behind(RawLine line, AuditLine record)
    {
        var gap = missing.Where(m => m.Key <= record.Seq && record.Seq <= m.Value.Last).Select(m => (long?)m.Key).FirstOrDefault();
        if (gap is not null && late.Add(record.Seq))
        {
            Find(line, $"seq {Number(record.Seq)}: the record was moved here from its place");
        }
        else
        {
            Find(line, $"seq {Number(record.Seq)}: the record was put in; a record of that number stands before it");
        }
    }

    private void Accept(AuditLine record)
    {
        (seq, hash, lastWasChanged) = (record.Seq, record.Hash, !record.IsIntact);
    }

    private void Find(RawLine line, string what)
    {
        if (findings.Count < MostFindings)
        {
            findings.Add($"{line.File}:{Number(line.Number)}: {what}");
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
