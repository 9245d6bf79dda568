using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Files;
using Gateway.Policy.Lint;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy lint DIR</c>: what is valid and doubtful.</summary>
internal static class PolicyLintCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var dir = PolicySource.Folder();
        var format = new Option<string>("--format") { Description = "text or json", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("lint", "Finds what is valid and doubtful in the policy files. Exit code 0 clean, 1 findings, 78 invalid.\n\nExample:\n  gateway policy lint /etc/docker-gateway/policies")
        {
            dir, format,
        };
        command.SetAction(result => Run(result.GetRequiredValue(dir), result.GetRequiredValue(format), ServeCommand.PolicyOptions(), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(string dir, string format, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        var loaded = PolicyFolder.Load(dir, options);
        SourceExcerpt.Print(loaded.Errors, error);
        if (loaded.Policy is not { } policy)
        {
            return PolicyExit.Invalid;
        }

        var findings = PolicyLint.Of(policy);
        if (format == "json")
        {
            output.WriteLine(Json(findings, loaded.Warnings));
        }
        else
        {
            SourceExcerpt.Print(findings.Select(finding => new PolicyError(finding.At, $"{finding.Rule}: {finding.Message}")), output);
            foreach (var warning in loaded.Warnings)
            {
                output.WriteLine(warning);
            }

            var count = findings.Count + loaded.Warnings.Count;
            output.WriteLine(count == 1 ? "1 finding" : $"{count} findings");
        }

        return findings.Count + loaded.Warnings.Count == 0 ? PolicyExit.Yes : PolicyExit.No;
    }

    private static string Json(IReadOnlyList<LintFinding> findings, IReadOnlyList<string> warnings)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteStartArray();
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("file", finding.At.File);
                json.WriteNumber("line", finding.At.Line);
                json.WriteNumber("column", finding.At.Column);
                json.WriteString("rule", finding.Rule);
                json.WriteString("message", finding.Message);
                json.WriteEndObject();
            }

            foreach (var warning in warnings)
            {
                json.WriteStartObject();
                json.WriteString("rule", "warning");
                json.WriteString("message", warning);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
