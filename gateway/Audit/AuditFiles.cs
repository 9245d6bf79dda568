using System.Globalization;

namespace Gateway.Audit;

/// <summary>An audit log's files: the one being written, <c>FILE.1</c> and so on for older ones, and <c>FILE.head</c>, which says how far the chain has come.</summary>
internal static class AuditFiles
{
    public static string Head(string path) => path + ".head";

    public static string Older(string path, int number) => path + "." + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>One named file with its older ones, or several as they are; oldest first, by the first record in each.</summary>
    /// <exception cref="IOException">A named file cannot be read.</exception>
    public static IReadOnlyList<string> All(IReadOnlyList<string> named)
    {
        var files = named.Count == 1 ? named.Concat(OlderOf(named[0])) : named;
        return [.. files.Distinct(StringComparer.Ordinal).Select(file => (File: file, First: FirstSeq(file))).OrderBy(f => f.First).Select(f => f.File)];
    }

    private static IEnumerable<string> OlderOf(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = Path.GetFileName(path) + ".";
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, Path.GetFileName(path) + ".*").Where(f => Path.GetFileName(f).StartsWith(name, StringComparison.Ordinal) && int.TryParse(Path.GetFileName(f).AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            : [];
    }

    // An empty file is the newest: one that was just begun.
    private static long FirstSeq(string file)
    {
        foreach (var line in AuditLines.Read(file))
        {
            if (AuditLine.TryParse(line.Bytes.Span, out var record))
            {
                return record.Seq;
            }
        }

        return long.MaxValue;
    }
}
