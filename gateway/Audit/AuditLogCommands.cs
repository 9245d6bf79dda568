using System.CommandLine;

namespace Gateway.Audit;

/// <summary><c>gateway audit-log verify FILE…</c>: walks the chain and names the first line that breaks it.</summary>
internal static class AuditLogCommands
{
    private const int Clean = 0;
    private const int Findings = 1;
    private const int Unreadable = 2;

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "audit log files, oldest first", Arity = ArgumentArity.OneOrMore };
        var verify = new Command("verify", "Checks that no record was changed, removed or put in. Example: gateway audit-log verify /var/log/docker-gateway/audit.log") { files };
        verify.SetAction(result => Verify(result.GetValue(files)!, Console.Out, Console.Error));
        return new Command("audit-log", "Reads the audit log") { verify };
    }

    /// <summary>Exit code 0 clean, 1 the first finding was printed, 2 a file cannot be read.</summary>
    public static int Verify(IReadOnlyList<string> files, TextWriter output, TextWriter error)
    {
        var (seq, last, torn) = (0L, (string?)null, 0);
        foreach (var file in files)
        {
            try
            {
                var number = 0;
                foreach (var line in File.ReadLines(file))
                {
                    number++;
                    if (!AuditLine.TryParse(line, out var record))
                    {
                        if (line.StartsWith('{') && !line.EndsWith('}'))
                        {
                            // A crash or a full disk leaves half a line; the chain goes on behind it.
                            torn++;
                            continue;
                        }

                        return Finding(file, number, "is not an audit record");
                    }

                    var problem = record switch
                    {
                        _ when record.Hash != record.Computed => "was changed",
                        _ when last is not null && record.Seq != seq + 1 => $"has seq {record.Seq} where {seq + 1} is due: records were removed, put in or reordered",
                        _ when last is not null && record.Previous != last => "does not follow the record before it: a record was changed, removed or put in",
                        _ when last is null && record.Seq == 1 && record.Previous != AuditChain.Start => "is not the chain's first record",
                        _ => null,
                    };
                    if (problem is not null)
                    {
                        return Finding(file, number, problem);
                    }

                    (seq, last) = (record.Seq, record.Hash);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"gateway: cannot read {file}: {e.Message}");
                return Unreadable;
            }
        }

        output.WriteLine($"chain is whole; last record: seq {seq}, hash {last ?? AuditChain.Start}{(torn > 0 ? $"; {torn} torn line(s) left by a failed write" : "")}");
        return Clean;

        int Finding(string file, int line, string problem)
        {
            output.WriteLine($"{file}:{line}: the record {problem}");
            return Findings;
        }
    }
}
