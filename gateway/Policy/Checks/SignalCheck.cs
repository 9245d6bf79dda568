using System.Globalization;

namespace Gateway.Policy.Checks;

/// <summary>Signals by number or by name, as the engine knows them (moby <c>sys/signal</c>); anything else is no signal.</summary>
internal static class SignalCheck
{
    private const int RealTimeFirst = 34;
    private const int RealTimeLast = 64;

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE", "POLL", "PROF", "PWR", "QUIT", "SEGV",
        "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
    };

    public static Check<NoBody> OfQuery { get; } = new("signal", null, ["?signal"], (_, context) =>
    {
        if (context.Query.Get("signal") is { Length: > 0 } signal && !IsKnown(signal))
        {
            context.Malformed("signal", $"\"{CheckContext.Shown(signal)}\" is not a signal");
        }
    });

    public static bool IsKnown(string signal)
    {
        if (int.TryParse(signal, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number is > 0 and <= RealTimeLast && char.IsAsciiDigit(signal[0]);
        }

        var name = signal.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        return Names.Contains(name)
            || (name is ['R', 'T', 'M', 'I', 'N', '+', .. var up] && IsOffset(up))
            || (name is ['R', 'T', 'M', 'A', 'X', '-', .. var down] && IsOffset(down));
    }

    private static bool IsOffset(string text) =>
        text.Length <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset is > 0 and <= RealTimeLast - RealTimeFirst;
}
