using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Objects;

namespace Gateway.Audit;

/// <summary><c>gateway audit-log query</c>: the records that match, as a table or as they stand; follows a log that is being written.</summary>
internal static class AuditQueryCommand
{
    private const int Found = 0;
    private const int Nothing = 1;
    private const int Usage = 2;
    private const string DefaultLog = "/var/log/docker-gateway/audit.log";

    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = $"the audit log, with its older files; or several (default {DefaultLog})", Arity = ArgumentArity.ZeroOrMore };
        Option<string> Text(string name, string description) => new(name) { Description = description };
        var (user, operation, decision, subject) = (Text("--user", "user, * stands for any characters"), Text("--operation", "operation, as in Container*"), Text("--decision", "allow or deny"), Text("--object", "an object's id, its beginning, or name"));
        var (field, role, rule, kind) = (Text("--field", "a refused field, as in HostConfig.Privileged"), Text("--role", "deciding role"), Text("--rule", "deciding rule"), Text("--event", "decision, stream-end or answer"));
        var (id, since, until) = (Text("--id", "request id"), Text("--since", "2026-11-24T10:00:00Z, 2026-11-24, 2h, 7d"), Text("--until", "as --since"));
        var format = Text("--format", "table (default) or json");
        decision.AcceptOnlyFromAmong("allow", "deny");
        format.AcceptOnlyFromAmong("table", "json");
        var follow = new Option<bool>("--follow", "-f") { Description = "goes on with what is written, over rotation" };
        var command = new Command("query", "Shows the records that match; exit code 0 some, 1 none, 2 a file cannot be read\n\nExample:\n  gateway audit-log query --user alice --decision deny --since 2h")
        {
            files, user, operation, decision, subject, field, role, rule, kind, id, since, until, format, follow,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var now = DateTimeOffset.UtcNow;
                var query = new AuditQuery
                {
                    User = parsed.GetValue(user),
                    Operation = parsed.GetValue(operation),
                    Decision = parsed.GetValue(decision),
                    Object = parsed.GetValue(subject),
                    Field = parsed.GetValue(field),
                    Role = parsed.GetValue(role),
                    Rule = parsed.GetValue(rule),
                    Event = parsed.GetValue(kind),
                    Id = parsed.GetValue(id),
                    Since = parsed.GetValue(since) is { } from ? AuditQuery.ParseTime(from, now) : null,
                    Until = parsed.GetValue(until) is { } to ? AuditQuery.ParseTime(to, now) : null,
                };
                var named = parsed.GetValue(files) is { Length: > 0 } given ? given : [DefaultLog];
                return await RunAsync(named, query, parsed.GetValue(format) == "json", parsed.GetValue(follow), output, cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                await error.WriteLineAsync($"gateway: {e.Message}");
                return Usage;
            }
        });
        return command;
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> named, AuditQuery query, bool asJson, bool follow, TextWriter output, CancellationToken cancellationToken)
    {
        var found = false;
        if (!asJson)
        {
            await output.WriteLineAsync(Row("TIME", "USER", "DECISION", "OPERATION", "OBJECT", "BY OR WHY"));
        }

        var all = AuditFiles.All(named);
        var current = follow ? new FollowedFile(named.Count == 1 ? named[0] : all[^1]) : null;
        using (current)
        {
            foreach (var line in all.Where(file => current is null || file != current.Path).SelectMany(AuditLines.Read))
            {
                found |= Show(line.Bytes, query, asJson, output);
            }

            while (current is not null && !cancellationToken.IsCancellationRequested)
            {
                var wrote = false;
                while (current.Next() is { } line)
                {
                    wrote |= Show(line, query, asJson, output);
                }

                found |= wrote;
                if (wrote)
                {
                    await output.FlushAsync(cancellationToken);
                }

                // The log may be on any file system: looking is what works on all of them.
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return found ? Found : Nothing;
    }

    private static bool Show(ReadOnlyMemory<byte> line, AuditQuery query, bool asJson, TextWriter output)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            // verify tells of lines that are none.
            return false;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !query.Matches(document.RootElement))
            {
                return false;
            }

            output.WriteLine(asJson ? Encoding.UTF8.GetString(line.Span) : Row(document.RootElement));
            return true;
        }
    }

    private static string Row(JsonElement record)
    {
        var resource = Json.Member(record, "resource");
        var name = Json.String(resource, "name") ?? "";
        var why = Json.String(record, "event") == "decision"
            ? Json.String(record, "decision") == "allow" ? $"{Json.String(record, "role")}/{Json.String(record, "rule")}" : Json.String(record, "reason") ?? ""
            : $"{Json.String(record, "event")} {Json.Member(record, "status")} {Json.Member(record, "duration_ms")} ms";
        var time = DateTimeOffset.TryParse(Json.String(record, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "";
        return Row(time, Json.String(record, "user") ?? "-", Json.String(record, "decision") ?? "", Json.String(record, "operation") ?? "-", name, why);
    }

    private static string Row(string time, string user, string decision, string operation, string subject, string why) =>
        string.Join("  ", Cell(time, 20), Cell(user, 12), Cell(decision, 8), Cell(operation, 20), Cell(subject, 24), Plain(why)).TrimEnd();

    private static string Cell(string text, int width) => Plain(text) is var plain && plain.Length <= width ? plain.PadRight(width) : plain;

    /// <summary>What a caller wrote must not move a terminal's cursor.</summary>
    private static string Plain(string text) => text.All(c => c is >= ' ' and <= '~')
        ? text
        : string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}")));
}
