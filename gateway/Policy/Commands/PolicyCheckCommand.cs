using System.CommandLine;
using Gateway.Policy.Files;
using Gateway.Serve;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy check DIR</c>: validates a folder of policies as <c>serve</c> would before it listens.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create()
    {
        var dir = PolicySource.Folder();
        var command = new Command(
            "check",
            "validate the policy files of a folder; exit code 0 valid, 78 invalid\n\nExample:\n  gateway policy check /etc/docker-gateway/policies")
        {
            dir,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(dir),
            ServeCommand.PolicyOptions(),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return command;
    }

    public static int Run(string dir, PolicyLoadOptions options, TextWriter output, TextWriter error)
    {
        var (policy, errors, warnings) = PolicyFolder.Load(dir, options);
        SourceExcerpt.Print(errors, error);
        foreach (var warning in warnings) error.WriteLine($"warning: {warning}");
        if (policy is null) return PolicyExit.Invalid;
        output.WriteLine($"{dir}: {Count(policy.Roles.Count, "role")}, {Count(policy.Users.Count, "user")}, {Count(policy.Groups.Count, "group")}: valid");
        return PolicyExit.Yes;
    }

    private static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
