using System.CommandLine;
using CertsTool;
using CertsTool.Commands;

var common = new CommonOptions();
var root = new RootCommand("Makes the CA and the certificates of the Docker gateway")
{
    InitCommand.Create(common),
    IssueCommands.CreateServer(common),
    IssueCommands.CreateClient(common),
    ListCommand.Create(common),
    ShowCommand.Create(common),
    VerifyCommand.Create(common),
};
var parsed = root.Parse(args);
foreach (var error in parsed.Errors)
{
    Terminal.Error($"{error.Message}; see certs-tool --help");
}

return parsed.Errors.Count == 0 ? parsed.Invoke() : ToolException.Usage;
