using System.Globalization;
using Gateway.Policy.Files.Values;

namespace Gateway.Audit;

/// <summary>How an audit log's file is kept.</summary>
internal sealed record AuditLogOptions
{
    /// <summary>Bytes after which a new file is begun; null for never.</summary>
    public long? MaxSize { get; init; }

    /// <summary>How many older files stay.</summary>
    public int Keep { get; init; } = 10;

    /// <summary>One more record for each plain call that was let through and answered: its status, time and bytes.</summary>
    public bool Answers { get; init; }

    /// <exception cref="FormatException">A text is no size or no number.</exception>
    public static AuditLogOptions Parse(string? size, string? keep, bool answers)
    {
        const long Least = 64 << 10;
        long? most = null;
        if (size is not null)
        {
            most = Amounts.TryParseSize(size, out var bytes, out var problem) ? bytes : throw new FormatException($"--audit-max-size: {problem}");
            if (most < Least)
            {
                throw new FormatException("--audit-max-size is at least 64k: a file has to hold a few records");
            }
        }

        var number = 10;
        return keep is null || (int.TryParse(keep, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 10_000)
            ? new AuditLogOptions { MaxSize = most, Keep = number, Answers = answers }
            : throw new FormatException($"--audit-keep: \"{keep}\" is not a number of files from 0 to 10000");
    }
}
