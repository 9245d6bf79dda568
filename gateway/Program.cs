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
return parsed.Errors.Count == 0 ? await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }) : Usage(parsed);

static int Usage(ParseResult parsed)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine($"gateway: {error.Message}");
    }

    Console.Error.WriteLine("see gateway --help");
    return ExitCode.Usage;
}
