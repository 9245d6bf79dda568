using System.CommandLine;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy …</c>: questions to the policy files, answered without an engine by the code that serve decides with.</summary>
internal static class PolicyCommands
{
    public static Command Create() => new("policy", "Checks, explains, tests and compares the policy files")
    {
        PolicyCheckCommand.Create(),
        PolicyCanICommand.Create(),
        PolicyWhoCanCommand.Create(),
        PolicyExplainCommand.Create(),
        PolicyTestCommand.Create(),
        PolicyAuditCommand.Create(),
        PolicyDiffCommand.Create(),
        PolicyLintCommand.Create(),
        PolicyFmtCommand.Create(),
        PolicyListCommand.Create(),
        PolicySchemaCommand.Create(),
        PolicyReplayCommand.Create(),
        PolicyLearnCommand.Create(),
        PolicySignCommand.Create(),
    };
}
