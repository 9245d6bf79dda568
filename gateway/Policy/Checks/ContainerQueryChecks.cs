using System.Globalization;

namespace Gateway.Policy.Checks;

/// <summary>What operations on a container may ask in their query (threats §3.6): ps with known arguments, no checkpoints, no links.</summary>
internal static class ContainerQueryChecks
{
    private const int MaxWait = 3600;

    private static readonly string[] Listings = ["", "-ef", "-e", "-f", "-A", "-aux", "aux", "axu", "-l", "-ly", "-w", "-ww", "-efw", "auxw", "auxww"];

    private static readonly HashSet<string> Columns = new(StringComparer.Ordinal)
    {
        "pid", "ppid", "pgid", "sid", "user", "uid", "euser", "euid", "ruser", "ruid", "group", "gid", "comm", "ucomm", "args", "cmd", "command", "pcpu", "%cpu", "pmem", "%mem",
        "vsz", "vsize", "rss", "rssize", "size", "tty", "tt", "stat", "state", "s", "start", "stime", "start_time", "lstart", "time", "cputime", "etime", "etimes", "ni", "nice", "pri",
        "psr", "nlwp", "thcount", "lwp", "tid", "wchan", "class", "cls",
    };

    private static readonly string[] OfSeveralWords = ["comm", "ucomm", "args", "cmd", "command", "lstart"];

    /// <summary>The engine gives the arguments to the host's ps, as root: a word too many shows environments.</summary>
    public static Check<NoBody> Top { get; } = new("top", null, ["?ps_args"], (_, context) =>
    {
        var arguments = context.Query.Get("ps_args") ?? "";
        if (!Listings.Contains(arguments) && !IsColumns(arguments))
        {
            context.Refuse("ps_args", $"\"{CheckContext.Shown(arguments)}\" is not -ef, aux, or -o or -eo with names of columns");
        }
    });

    public static Check<NoBody> Start { get; } = new("checkpoint", null, ["?checkpoint", "?checkpoint-dir"], (_, context) =>
    {
        foreach (var name in (ReadOnlySpan<string>)["checkpoint", "checkpoint-dir"])
        {
            if (context.Query.Get(name) is { Length: > 0 } value)
            {
                context.Never(name, value, "checkpoints are folders of the host");
            }
        }
    });

    /// <summary>A stop that waits for ever holds a worker of the engine.</summary>
    public static Check<NoBody> Wait { get; } = new("stop-wait", null, ["?t"], (_, context) =>
    {
        if (context.Query.Get("t") is { Length: > 0 } text && !(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxWait))
        {
            context.Refuse("t", $"a stop waits from 0 to {MaxWait} seconds, not {CheckContext.Shown(text)}");
        }
    });

    public static Check<NoBody> Delete { get; } = new("link-removal", null, ["?link"], (_, context) =>
    {
        if (context.Query.IsTrue("link"))
        {
            context.Refuse("link", "removing a link reads the name in another way than removing a container; it is never granted");
        }
    })
    { ForEveryone = true };

    private static bool IsColumns(string arguments)
    {
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["-o" or "-eo" or "-Ao", var list])
        {
            return false;
        }

        // The engine keeps the rows whose word under PID is a process of the container: behind a column of several words, that word
        // is another's to choose.
        var columns = list.Split(',');
        return columns.All(Columns.Contains) && columns.TakeWhile(column => column != "pid").All(column => !OfSeveralWords.Contains(column));
    }
}
