using System.CommandLine;
using Gateway.Policy.Diff;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy diff OLD NEW</c>: who gains and who loses what.</summary>
internal static class PolicyDiffCommand
{
    public static Command Create()
    {
        var old = new Argument<string>("OLD") { Description = "the folder of the policies before" };
        var now = new Argument<string>("NEW") { Description = "the folder of the policies after" };
        var format = new Option<string>("--format") { Description = "text, json or markdown", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "markdown");
        var command = new Command("diff", "Says in rights, not lines, who gains and who loses what. Exit code 0 the same, 1 differs, 4 could not be decided.\n\n"
            + "Example:\n  gateway policy diff /etc/docker-gateway/policies ./policies --format markdown")
        {
            old, now, format,
        };
        command.SetAction(result => Run(
            result.GetRequiredValue(old), result.GetRequiredValue(now), result.GetRequiredValue(format), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(string old, string now, string format, TextWriter output, TextWriter error)
    {
        var (before, after) = (PolicySource.Load(old, error), PolicySource.Load(now, error));
        if (before is null || after is null)
        {
            return PolicyExit.Invalid;
        }

        var report = DiffReport.Of(before, after);
        output.Write(format switch
        {
            "json" => DiffText.Json(report),
            "markdown" => DiffText.Markdown(report),
            _ => DiffText.Plain(report),
        });
        return report switch
        {
            { Undecided: true } => PolicyExit.Undecided,
            { IsSame: true } => PolicyExit.Yes,
            _ => PolicyExit.No,
        };
    }
}
