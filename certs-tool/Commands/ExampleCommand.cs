using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CertsTool.Commands;

/// <summary>A command whose help shows how it is used.</summary>
internal sealed class ExampleCommand(string name, string description, string example) : Command(name, description)
{
    public string Example => example;
}

/// <summary>The usual help, at a width that does not depend on where it is shown, and the command's example after it.</summary>
internal sealed class HelpWithExample(HelpAction usual, string rootExample) : SynchronousCommandLineAction
{
    private const int Width = 100;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = Width;
        var code = usual.Invoke(parseResult);
        var example = parseResult.CommandResult.Command is ExampleCommand command ? command.Example : rootExample;
        parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example.ReplaceLineEndings("\n  ")}");
        return code;
    }
}
