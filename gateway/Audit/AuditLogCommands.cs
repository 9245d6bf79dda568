using System.CommandLine;

namespace Gateway.Audit;

/// <summary><c>gateway audit-log verify|query</c>: trusts no record that the chain does not vouch for, and finds the ones that are asked for.</summary>
internal static class AuditLogCommands
{
    private const int Clean = 0;
    private const int Findings = 1;
    private const int Unreadable = 2;

    public static Command Create() => new("audit-log", "Reads the audit log") { VerifyCommand(), AuditQueryCommand.Create() };

    /// <summary>Exit code 0 clean, 1 findings were printed, 2 a file cannot be read.</summary>
    public static int Verify(IReadOnlyList<string> files, TextWriter output, TextWriter error)
    {
        var verification = new AuditVerification();
        try
        {
            var all = AuditFiles.All(files);
            foreach (var line in all.SelectMany(AuditLines.Read))
            {
                verification.Add(line);
            }

            // The head stands beside the file that is being written; an older file alone says nothing of the end.
            verification.Finish(AuditHead.Read(AuditFiles.Head(files.FirstOrDefault(f => File.Exists(AuditFiles.Head(f))) ?? all[^1])));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"gateway: cannot read the audit log: {e.Message}");
            return Unreadable;
        }

        foreach (var finding in verification.Findings)
        {
            output.WriteLine(finding);
        }

        if (verification.FirstSeq > 1)
        {
            output.WriteLine($"the first record here is seq {verification.FirstSeq}: what came before was rotated away, or removed; the chain cannot tell which");
        }

        var torn = verification.Torn > 0 ? $"; {verification.Torn} torn line(s) left by a failed write" : "";
        output.WriteLine(verification.Findings.Count == 0
            ? $"chain is whole: {verification.Records} records; last record: seq {verification.LastSeq}, hash {verification.LastHash}{torn}"
            : $"the chain is broken: {verification.Findings.Count} finding(s) in {verification.Records} records{torn}");
        return verification.Findings.Count == 0 ? Clean : Findings;
    }

    private static Command VerifyCommand()
    {
        var files = new Argument<string[]>("FILE") { Description = "the audit log, with its older files FILE.1 …; or several files in any order", Arity = ArgumentArity.OneOrMore };
        var verify = new Command("verify", "Says which records were changed, removed, put in or moved; exit code 0 none, 1 some, 2 a file cannot be read\n\nExample:\n  gateway audit-log verify /var/log/docker-gateway/audit.log") { files };
        verify.SetAction(parsed => Verify(parsed.GetValue(files)!, parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return verify;
    }
}
