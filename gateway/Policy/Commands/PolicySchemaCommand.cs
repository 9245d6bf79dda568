using System.CommandLine;

namespace Gateway.Policy.Commands;

/// <summary><c>gateway policy schema</c>: the JSON Schema of policy files, for completion in an editor.</summary>
internal static class PolicySchemaCommand
{
    private const string Resource = "policy.schema.json";

    public static Command Create()
    {
        var command = new Command("schema", "Prints the JSON Schema of policy files.\n\nExample:\n  gateway policy schema > policies/policy.schema.json");
        command.SetAction(result =>
        {
            result.InvocationConfiguration.Output.Write(Text());
            return PolicyExit.Yes;
        });
        return command;
    }

    public static string Text()
    {
        using var stream = typeof(PolicySchemaCommand).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not built in");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
