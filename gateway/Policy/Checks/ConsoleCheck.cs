using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A terminal's size: height and width, none over 65535.</summary>
internal static class ConsoleCheck
{
    private const int Longest = 65535;

    public static Check<ContainerCreateBody> OfCreate { get; } = new("console-size", null, ["HostConfig.ConsoleSize"], (body, context) =>
        Check(body.HostConfig!.ConsoleSize, "HostConfig.ConsoleSize", context));

    public static Check<ExecCreateBody> OfExec { get; } = new("console-size", null, ["ConsoleSize"], (body, context) => Check(body.ConsoleSize, "ConsoleSize", context));

    public static Check<ExecStartBody> OfExecStart { get; } = new("console-size", null, ["ConsoleSize"], (body, context) => Check(body.ConsoleSize, "ConsoleSize", context));

    private static void Check(List<ulong>? size, string field, CheckContext context)
    {
        if (size is not (null or { Count: 0 }) && (size.Count != 2 || size.Exists(n => n > Longest)))
        {
            context.Malformed(field, $"a terminal's size is its height and width, up to {Longest}");
        }
    }
}
