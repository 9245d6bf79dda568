using System.CommandLine;
using System.Text;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Yaml;
using Gateway.Policy.Layout;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy fmt DIR</c>: writes the policy files in their canonical layout.</summary>
internal static class PolicyFmtCommand
{
    public static Command Create()
    {
        var dir = PolicySource.Folder();
        var check = new Option<bool>("--check") { Description = "write nothing; exit code 1 where a file would change" };
        var command = new Command("fmt", "Writes the policy files of a folder in their canonical layout; comments stay. Cases (*.test.yaml) are left as they are.\n\n"
            + "Examples:\n  gateway policy fmt ./policies\n  gateway policy fmt --check ./policies")
        {
            dir, check,
        };
        command.SetAction(result => Run(result.GetRequiredValue(dir), result.GetValue(check), result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>0 laid out, 1 a file would change or cannot be laid out, 78 a file cannot be read.</summary>
    public static int Run(string dir, bool checkOnly, TextWriter output, TextWriter error)
    {
        var findings = new Findings();
        var files = PolicyFolder.List(dir, findings);
        foreach (var file in files)
        {
            YamlFile.Read(file, findings);
        }

        if (findings.ErrorCount > 0)
        {
            SourceExcerpt.Print(findings.Errors, error);
            return PolicyExit.Invalid;
        }

        var exit = PolicyExit.Yes;
        foreach (var file in files)
        {
            try
            {
                var text = File.ReadAllText(file).Replace("\r\n", "\n", StringComparison.Ordinal);
                var written = PolicyLayout.Of(file, text);
                if (written == File.ReadAllText(file))
                {
                    continue;
                }

                output.WriteLine(checkOnly ? $"{file}: would be laid out otherwise" : $"{file}: laid out");
                exit = checkOnly ? PolicyExit.No : exit;
                if (!checkOnly)
                {
                    Write(file, written);
                }
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"gateway: {e.Message}");
                exit = PolicyExit.No;
            }
        }

        return exit;
    }

    // The gateway reads this folder while it runs: a file is the old one or the new one, never half of it.
    private static void Write(string file, string text)
    {
        var beside = Path.Combine(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.new");
        File.WriteAllText(beside, text, new UTF8Encoding(false));
        File.SetUnixFileMode(beside, File.GetUnixFileMode(file));
        File.Move(beside, file, overwrite: true);
    }
}
