using System.CommandLine;
using Gateway.Audit;
using Gateway.Policy.Commands;
using Gateway.Serve;
using Gateway.Status;

var root = new RootCommand("A security gateway for the Docker Engine API: the only way to an engine, with certificates and a policy")
{
    ServeCommand.Create(),
    StatusCommand.Create(),
    PolicyCommands.Create(),
    AuditLogCommands.Create(),
};
var parsed = root.Parse(args);
try
{
    return parsed.Errors.Count == 0 ? await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }) : Usage(parsed);
}
catch (SettingsException e)
{
    foreach (var problem in e.Problems)
    {
        Console.Error.WriteLine($"gateway: {problem}");
    }

    return e.ExitCode;
}
catch (FormatException e)
{
    Console.Error.WriteLine($"gateway: {e.Message}");
    return ExitCode.Usage;
}

static int Usage(ParseResult parsed)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"gateway: {error.Message}");
    }

    Console.Error.WriteLine("see gateway --help");
    return ExitCode.Usage;
}
