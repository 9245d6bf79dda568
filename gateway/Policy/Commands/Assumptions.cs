using System.CommandLine;
using Gateway.Offline;

namespace Gateway.Policy.Commands;

/// <summary>The flags that say what is assumed in place of asking an engine.</summary>
internal sealed class Assumptions
{
    private readonly Option<string> _objects = new("--assume")
    {
        Description = "whose the named objects are: mine, other, nobody or absent (default: not known)",
    };

    private readonly Option<string> _paths = new("--assume-paths")
    {
        Description = "whether root alone can replace what leads to bound paths: safe or unsafe (default: not known)",
    };

    public Assumptions()
    {
        _objects.AcceptOnlyFromAmong("mine", "other", "nobody", "absent");
        _paths.AcceptOnlyFromAmong("safe", "unsafe");
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_objects);
        command.Options.Add(_paths);
    }

    public OfflineFacts Read(ParseResult result) => new()
    {
        Objects = result.GetValue(_objects) switch
        {
            "mine" => AssumedOwner.Mine,
            "other" => AssumedOwner.Other,
            "nobody" => AssumedOwner.Nobody,
            "absent" => AssumedOwner.Absent,
            _ => AssumedOwner.Unknown,
        },
        HostPathsAreSafe = result.GetValue(_paths) switch { "safe" => true, "unsafe" => false, _ => null },
    };
}
