using System.CommandLine;
using Gateway.Audit;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Reach;
using Gateway.Replay;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy learn --audit-log F --user U</c>: drafts the smallest role that covers what was seen.</summary>
internal static class PolicyLearnCommand
{
    private const int Drafted = 0;
    private const int Nothing = 1;
    private const int Usage = 2;

    public static Command Create()
    {
        var logs = new Option<string[]>("--audit-log") { Description = "the audit log, with its older files; or several", Required = true, AllowMultipleArgumentsPerToken = true };
        var user = new Option<string>("--user") { Description = "whose requests count", Required = true };
        var days = new Option<int>("--days") { Description = "how many days back the log counts (default 30)", DefaultValueFactory = _ => 30 };
        var command = new Command(
            "learn",
            "Drafts the smallest role that covers what a user was allowed, or would have been under serve --learn; exit code 0 drafted, 1 nothing was seen\n\nExample:\n  gateway policy learn --audit-log /var/log/docker-gateway/audit.log --user ci > learned.yaml")
        {
            logs, user, days,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(logs)!, parsed.GetRequiredValue(user), DateTimeOffset.UtcNow.AddDays(-parsed.GetValue(days)), ServeCommand.PolicyOptions(), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(IReadOnlyList<string> logs, string user, DateTimeOffset since, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        if (!PolicyName.TryParseUser(user, out _, out var problem))
        {
            error.WriteLine($"gateway: {problem}");
            return Usage;
        }

        try
        {
            IEnumerable<RecordedCall> Calls() => AuditFiles.All(logs).SelectMany(AuditLines.Read).Select(line => RecordedCall.Parse(line.Bytes)).OfType<RecordedCall>()
                .Where(call => call.User == user && call.Time >= since && (call.Allowed || call.WouldBeAllowed));
            var learned = new LearnedRole();
            foreach (var call in Calls())
            {
                learned.Add(call);
            }

            if (learned.Seen == 0)
            {
                error.WriteLine($"gateway: no request of user \"{user}\" was allowed in this time; look with: gateway audit-log query --user {user}");
                return Nothing;
            }

            learned.LeaveOutWhatOthersCover();
            output.Write(Smallest(user, learned, Calls, options));
            return Drafted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"gateway: cannot read the audit log: {e.Message}");
            return Usage;
        }
    }

    /// <summary>The narrowest draft that loads and allows all that was seen; only what was seen widens it.</summary>
    private static string Smallest(string user, LearnedRole learned, Func<IEnumerable<RecordedCall>> calls, PolicyLoadOptions options)
    {
        var why = learned.Root == RootNeed.None ? null : $"{learned.RootBy} was seen, which only such a role may have";
        for (var root = learned.Root; ; root++)
        {
            var (problem, reach) = Try(LearnedPolicy.Write(user, learned, root, why, []), calls, options);
            if (problem is null || root == RootNeed.NoGrants)
            {
                return LearnedPolicy.Write(user, learned, root, why, root == RootNeed.None ? reach : []);
            }

            why = problem;
        }
    }

    /// <summary>What is wrong with a draft, or null; and the ways in which it reaches root without saying so.</summary>
    private static (string? Problem, IReadOnlyList<string> Reach) Try(string draft, Func<IEnumerable<RecordedCall>> calls, PolicyLoadOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-learn-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "draft.yaml"), draft);
            var loaded = PolicyFolder.Load(folder, options with { Signature = null });
            if (loaded.Policy is not { } policy)
            {
                return (loaded.Errors[0].Message, []);
            }

            var replayer = new Replayer(policy, administratorsStay: true);
            var refused = calls().Select(call => (Call: call, Now: replayer.Decide(call with { Allowed = true })))
                .Where(r => r.Now.Outcome == ReplayOutcome.Changed && SeenNeed.Of(r.Call) is not null)
                .Select(r => $"seen, and not allowed to a narrower role: {r.Call.Operation}: {r.Now.Why}").FirstOrDefault();
            var reach = PolicyAudit.Run(folder, policy, HostView.None(options), null, []).Findings.Where(finding => finding.Extent == Extent.Root)
                .Select(finding => $"reaches root: {finding.Title} ({finding.Subject}); say \"root-equivalent: true\" if that is meant");
            return (refused, [.. reach.Distinct()]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
