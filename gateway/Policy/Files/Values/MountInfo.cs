using System.Globalization;
using System.Text;

namespace Gateway.Policy.Files.Values;

/// <summary>One line of <c>/proc/PID/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
/// <param name="Device">The file system, <c>MAJOR:MINOR</c>.</param>
/// <param name="Root">Which folder of the file system is mounted.</param>
/// <param name="Point">Where, as that process sees it.</param>
internal sealed record MountInfo(int Id, string Device, string Root, string Point, string FileSystem, bool NoSuid, bool NoDev)
{
    /// <summary>Set-uid programs and device nodes are powerless on it.</summary>
    public bool IsHarmless => NoSuid && NoDev;

    /// <summary>The mounts in the file's order; a later one is mounted over an earlier one at the same point.</summary>
    public static IReadOnlyList<MountInfo> Parse(string text) => [.. text.Split('\n').Select(ParseLine).OfType<MountInfo>()];

    private static MountInfo? ParseLine(string line)
    {
        var fields = line.Split(' ');
        var separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (separator < 0 || separator + 1 >= fields.Length || !int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var options = fields[5].Split(',');
        return new MountInfo(id, fields[2], Unescape(fields[3]), Unescape(fields[4]), fields[separator + 1], options.Contains("nosuid"), options.Contains("nodev"));
    }

    // Space, tab, newline and backslash stand as a backslash and three octal digits.
    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal)) return field;
        var path = new StringBuilder(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            var escaped = field[i] == '\\' && i + 3 < field.Length;
            path.Append(escaped ? (char)Octal(field.AsSpan(i + 1, 3)) : field[i]);
            if (escaped) i += 3;
        }

        return path.ToString();
    }

    private static int Octal(ReadOnlySpan<char> digits) =>
        digits.IndexOfAnyExceptInRange('0', '7') >= 0 ? '?' : ((digits[0] - '0') * 64) + ((digits[1] - '0') * 8) + (digits[2] - '0');
}
