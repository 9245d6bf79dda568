using System.CommandLine;
using System.CommandLine.Help;
using CertsTool.Commands;

namespace CertsTool;

/// <summary>The program: arguments in, exit code out.</summary>
internal static class CommandLine
{
    private const string Example = """
        certs-tool init --host docker.example.com --client alice
        certs-tool client bob --groups oncall
        certs-tool revoke alice --reason keyCompromise
        certs-tool COMMAND --help
        """;

    public static int Run(IReadOnlyList<string> arguments, Session session)
    {
        var common = new CommonOptions(session);
        var root = new RootCommand("Makes the CA and the certificates of the Docker gateway, and takes them back")
        {
            InitCommand.Create(common),
            IssueCommands.CreateServer(common),
            IssueCommands.CreateClient(common),
            SignCommand.Create(common),
            RenewCommand.Create(common),
            NeedsRenewalCommand.Create(common),
            RevokeCommand.Create(common),
            CrlCommand.Create(common),
            RotateCommand.Create(common),
            ListCommand.Create(common),
            ShowCommand.Create(common),
            VerifyCommand.Create(common),
            ExportCommand.Create(common),
            ContextCommand.Create(common),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExample((HelpAction)help.Action!, Example);
        }

        // A name that starts with @ is a name, not a file with more arguments.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExample)
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
            foreach (var error in parsed.Errors)
            {
                session.Terminal.Note(Terminal.Plain(Lower(error.Message.TrimEnd('.'))));
            }

            session.Terminal.Note($"see: certs-tool{command} --help");
            return ToolException.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = session.Terminal.Output, Error = session.Terminal.ErrorOutput, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private static string Lower(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..];
}
