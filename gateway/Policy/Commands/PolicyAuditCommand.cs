using System.CommandLine;
using Gateway.Policy.Files;
using Gateway.Policy.Reach;
using Gateway.Policy.Reach.Reports;
using Gateway.Replay;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy audit DIR</c>: who can become root on this host, and how.</summary>
internal static class PolicyAuditCommand
{
    private const int Clean = 0;
    private const int Findings = 1;
    private const int Usage = 2;
    private const int Invalid = 78;

    public static Command Create()
    {
        var dir = new Argument<string>("DIR") { Description = "the folder that holds the policy files" };
        var format = new Option<string>("--format") { Description = "text (default), json, sarif or html" };
        format.AcceptOnlyFromAmong("text", "json", "sarif", "html");
        var pki = new Option<string>("--pki") { Description = "folder that certs-tool made: users without certificates, certificates without users" };
        var logs = new Option<string[]>("--audit-log") { Description = "audit logs: rules and grants that nobody used", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { Description = "how many days back the audit log counts (default 90)", DefaultValueFactory = _ => 90 };
        var textOnly = new Option<bool>("--no-host") { Description = "judge the files alone, not this host's folders, sockets and mounts" };
        var command = new Command(
            "audit",
            "Finds who can become root on this host, and how; exit code 0 clean, 1 findings, 78 invalid\n\nExample:\n  gateway policy audit /etc/docker-gateway/policies --pki /etc/docker-gateway/pki --format html > audit.html")
        {
            dir, format, pki, logs, days, textOnly,
        };
        command.SetAction(parsed => Run(
            new PolicyAuditRequest(
                parsed.GetRequiredValue(dir), parsed.GetValue(format) ?? "text", parsed.GetValue(pki), parsed.GetValue(logs) ?? [], TimeSpan.FromDays(parsed.GetValue(days)), parsed.GetValue(textOnly)),
            ServeCommand.PolicyOptions(),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>Writes the report; errors about the question go to <paramref name="error"/>.</summary>
    public static int Run(PolicyAuditRequest asked, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        // Who writes the policy or signs certificates decides everything: those folders are no bind's, wherever they lie.
        options = options with { ProtectedPaths = [.. options.ProtectedPaths, .. ((string?[])[asked.Folder, asked.Pki]).OfType<string>().Select(Path.GetFullPath)] };
        var loaded = PolicyFolder.Load(asked.Folder, options);
        if (loaded.Policy is not { } policy)
        {
            SourceExcerpt.Print(loaded.Errors, error);
            return Invalid;
        }

        try
        {
            var now = DateTimeOffset.UtcNow;
            var certificates = asked.Pki is { } folder ? CertificateView.Read(folder, now) : null;
            IReadOnlyList<Finding> unused = asked.AuditLogs is { Count: > 0 } logs ? UnusedRights.Find(policy, logs, now - asked.Since) : [];
            var report = PolicyAudit.Run(asked.Folder, policy, asked.WithoutHost ? HostView.None(options) : HostView.Here(options), certificates, unused);
            Write(report, asked.Format, output);
            return report.IsClean ? Clean : Findings;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"gateway: {e.Message}");
            return Usage;
        }
    }

    private static void Write(AuditReport report, string format, TextWriter output)
    {
        if (format is "json" or "sarif")
        {
            using var buffer = new MemoryStream();
            if (format == "json")
            {
                JsonReport.Write(report, buffer);
            }
            else
            {
                SarifReport.Write(report, buffer);
            }

            output.Write(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        }
        else if (format == "html")
        {
            HtmlReport.Write(report, output);
        }
        else
        {
            TextReport.Write(report, output);
        }
    }
}

/// <summary>What <c>policy audit</c> was asked.</summary>
/// <param name="Since">How far back the audit logs count.</param>
internal sealed record PolicyAuditRequest(string Folder, string Format = "text", string? Pki = null, IReadOnlyList<string>? AuditLogs = null, TimeSpan Since = default, bool WithoutHost = false);
