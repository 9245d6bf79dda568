using System.Text;

namespace Gateway.Policy.Files.Values;

/// <summary>The mounts that this process sees, from <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal sealed class MountTable
{
    private readonly Dictionary<string, bool> _harmlessByPoint = new(StringComparer.Ordinal);

    private MountTable(string mountInfo)
    {
        foreach (var line in mountInfo.Split('\n'))
        {
            var fields = line.Split(' ');
            if (fields.Length < 6) continue;
            var options = fields[5].Split(',');

            // A later line is mounted over an earlier one at the same point.
            _harmlessByPoint[Unescape(fields[4])] = options.Contains("nosuid") && options.Contains("nodev");
        }
    }

    public static MountTable Parse(string mountInfo) => new(mountInfo);

    /// <summary>The answer for this host; no where the table cannot be read.</summary>
    public static bool IsNoSuidNoDevHere(string source)
    {
        try
        {
            return Parse(File.ReadAllText("/proc/self/mountinfo")).IsNoSuidNoDev(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Whether the mount that holds the source, and every mount below it (a bind takes those along), is nosuid and nodev.
    /// </summary>
    /// <param name="source">A clean path; what follows <c>${user}</c> may be any folder there.</param>
    public bool IsNoSuidNoDev(string source)
    {
        var variable = source.IndexOf(UserVariable.Text, StringComparison.Ordinal);
        var path = variable < 0 ? source : source[..Math.Max(variable - 1, 1)];
        var holder = path;
        while (!_harmlessByPoint.ContainsKey(holder) && holder != "/") holder = Parent(holder);
        return _harmlessByPoint.GetValueOrDefault(holder)
            && _harmlessByPoint.Where(mount => LiesBelow(mount.Key, path)).All(mount => mount.Value);
    }

    private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 1)];

    private static bool LiesBelow(string point, string path) =>
        path == "/" || point.StartsWith(path + "/", StringComparison.Ordinal);

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
