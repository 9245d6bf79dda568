using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit;
using Gateway.Policy.Files;
using Gateway.Replay;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy replay DIR --audit-log F</c>: which recorded requests would be decided otherwise.</summary>
internal static class PolicyReplayCommand
{
    private const int Same = 0;
    private const int Differs = 1;
    private const int Usage = 2;
    private const int Invalid = 78;

    public static Command Create()
    {
        var dir = new Argument<string>("DIR") { Description = "the folder that holds the policy files" };
        var logs = new Option<string[]>("--audit-log") { Description = "the audit log, with its older files; or several", Required = true, AllowMultipleArgumentsPerToken = true };
        var format = new Option<string>("--format") { Description = "text (default) or json, one line a difference" };
        format.AcceptOnlyFromAmong("text", "json");
        var limit = new Option<int>("--limit") { Description = "how many differences are shown (default 100)", DefaultValueFactory = _ => 100 };
        var command = new Command(
            "replay",
            "Decides the requests of an audit log by these policies; exit code 0 all the same, 1 some differ, 2 a log cannot be read or has lines that are no records, 78 invalid policy\n\nExample:\n  gateway policy replay ./policies --audit-log /var/log/docker-gateway/audit.log")
        {
            dir, logs, format, limit,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(dir), parsed.GetValue(logs)!, parsed.GetValue(format) == "json", parsed.GetValue(limit), ServeCommand.PolicyOptions(), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(string dir, IReadOnlyList<string> logs, bool asJson, int limit, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        var loaded = PolicyFolder.Load(dir, options);
        if (loaded.Policy is not { } policy)
        {
            foreach (var problem in loaded.Errors)
            {
                error.WriteLine(problem);
            }

            return Invalid;
        }

        var run = new ReplayRun(policy);
        try
        {
            run.Read(AuditFiles.All(logs));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"gateway: cannot read the audit log: {e.Message}");
            return Usage;
        }

        foreach (var difference in run.Differences.Where(d => d.Now.Outcome == ReplayOutcome.Changed).Take(limit).Concat(run.Differences.Where(d => d.Now.Outcome == ReplayOutcome.Undecided).Take(limit)))
        {
            output.WriteLine(asJson ? Json(difference) : Text(difference));
        }

        if (!asJson)
        {
            output.WriteLine($"{Number(run.Decisions)} decisions: {Number(run.Changed)} would be decided otherwise, {Number(run.Undecided)} cannot be decided from their records, {Number(run.NotPolicy)} are none of a policy's");
        }

        foreach (var (file, line) in run.BrokenLines.Take(limit))
        {
            error.WriteLine($"{file}:{Number(line)}: is not an audit record; look with: gateway audit-log verify {file}");
        }

        return run.Broken > 0 ? Usage : run.Changed > 0 ? Differs : Same;
    }

    private static string Text(ReplayDifference difference)
    {
        var call = difference.Call;
        var was = call.Allowed ? $"allowed ({call.Role}/{call.Rule})" : $"denied ({call.Reason})";
        var now = difference.Now.Outcome == ReplayOutcome.Undecided ? $"cannot tell: {difference.Now.Why}" : difference.Now.Decision is { Allowed: true } ? $"would be allowed ({difference.Now.Why})" : $"would be denied: {difference.Now.Why}";
        return Plain($"{difference.File}:{Number(difference.Line)}: seq {Number(call.Seq)} {call.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {call.User ?? "-"} {call.Operation} {call.Path}: was {was}; {now}");
    }

    private static string Json(ReplayDifference difference)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("file", difference.File);
            json.WriteNumber("line", difference.Line);
            json.WriteNumber("seq", difference.Call.Seq);
            json.WriteString("time", difference.Call.Time.UtcDateTime);
            json.WriteString("user", difference.Call.User);
            json.WriteString("operation", difference.Call.Operation);
            json.WriteString("path", difference.Call.Path);
            json.WriteString("was", difference.Call.Allowed ? "allow" : "deny");
            json.WriteString("now", difference.Now.Outcome == ReplayOutcome.Undecided ? "undecided" : difference.Now.Decision!.Allowed ? "allow" : "deny");
            json.WriteString("why", difference.Now.Why);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
