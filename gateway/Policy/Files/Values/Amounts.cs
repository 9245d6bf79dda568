using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Policy.Files.Values;

/// <summary>Amounts as Docker's command line writes them: sizes in binary units, CPUs with decimals, counts.</summary>
internal static class Amounts
{
    private const string SizeUnits = "kmgtp";
    private const long NanosPerCpu = 1_000_000_000;
    private const int MaxCpus = 8192;

    // The kernel's own bound on process ids (PID_MAX_LIMIT).
    private const long MaxPids = 4_194_304;

    /// <summary>Bytes: a whole number, alone or with k, m, g, t or p for powers of 1024 (a <c>b</c> may follow), in either case.</summary>
    public static bool TryParseSize(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        var digits = text.ToLowerInvariant();
        if (digits.EndsWith('b')) digits = digits[..^1];
        var shift = 0;
        if (digits.Length > 0 && SizeUnits.IndexOf(digits[^1], StringComparison.Ordinal) is >= 0 and var unit)
        {
            shift = 10 * (unit + 1);
            digits = digits[..^1];
        }

        var valid = TryParseDigits(digits, long.MaxValue >> shift, out var number);
        value = number << shift;
        return Judge(valid && value > 0, text, "a size: write bytes or 512m, 2g", out problem);
    }

    /// <summary>Billionths of a CPU.</summary>
    public static bool TryParseCpus(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        var valid = decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var cpus) && cpus is > 0 and <= MaxCpus
            && decimal.IsInteger(cpus * NanosPerCpu) && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1]);
        value = valid ? (long)(cpus * NanosPerCpu) : 0;
        return Judge(valid, text, "a number of CPUs: write \"1\" or \"1.5\"", out problem);
    }

    public static bool TryParsePids(string text, out long value, [NotNullWhen(false)] out string? problem) =>
        Judge(TryParseDigits(text, MaxPids, out value) && value > 0, text, $"a number of processes from 1 to {MaxPids}", out problem);

    /// <summary>Zero allowed.</summary>
    public static bool TryParseCount(string text, out long value, [NotNullWhen(false)] out string? problem) =>
        Judge(TryParseDigits(text, int.MaxValue, out value), text, "a whole number", out problem);

    /// <summary>The most of an ulimit; −1 for <c>unlimited</c>.</summary>
    public static bool TryParseUlimit(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        var unlimited = text == "unlimited";
        var valid = TryParseDigits(text, long.MaxValue, out value) || unlimited;
        if (unlimited) value = -1;
        return Judge(valid, text, "an ulimit: write a whole number or unlimited", out problem);
    }

    /// <summary>GPUs of one container; −1 for <c>all</c>.</summary>
    public static bool TryParseGpus(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        var all = text == "all";
        var valid = TryParseDigits(text, int.MaxValue, out value) || all;
        if (all) value = -1;
        return Judge(valid, text, "a number of GPUs: write a whole number or all", out problem);
    }

    /// <summary>Requests each second, <c>50/s</c>.</summary>
    public static bool TryParseRate(string text, out long value, [NotNullWhen(false)] out string? problem)
    {
        value = 0;
        var valid = text.EndsWith("/s", StringComparison.Ordinal) && TryParseDigits(text[..^2], int.MaxValue, out value) && value > 0;
        return Judge(valid, text, "a rate: write requests a second as 50/s", out problem);
    }

    /// <summary>Bytes as a policy file writes them, in the greatest unit that divides them.</summary>
    public static string SizeText(long bytes) =>
        bytes != 0 && bytes % (1L << 30) == 0 ? $"{bytes >> 30}g"
        : bytes != 0 && bytes % (1L << 20) == 0 ? $"{bytes >> 20}m"
        : bytes.ToString(CultureInfo.InvariantCulture);

    private static bool TryParseDigits(string text, long max, out long value)
    {
        var valid = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
        if (!valid) value = 0;
        return valid;
    }

    private static bool Judge(bool valid, string text, string expected, [NotNullWhen(false)] out string? problem)
    {
        problem = valid ? null : $"{Quoted.Text(text)} is not {expected}";
        return valid;
    }
}
