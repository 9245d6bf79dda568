using System.CommandLine;

namespace Gateway.Policy.Commands;

/// <summary>The flag <c>--format</c> of commands that answer in text or JSON.</summary>
internal static class OutputFormat
{
    private const string Json = "json";

    public static Option<string> Option()
    {
        var format = new Option<string>("--format") { Description = "text (default) or json" };
        format.AcceptOnlyFromAmong("text", Json);
        return format;
    }

    public static bool IsJson(ParseResult result, Option<string> format) => result.GetValue(format) == Json;
}
