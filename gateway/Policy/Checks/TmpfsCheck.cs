using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Memory file systems: always with a size, within the memory grant, and with no option that gives set-uid programs or devices.</summary>
internal static partial class TmpfsCheck
{
    private const string Field = "HostConfig.Mounts.TmpfsOptions";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "tmpfs", "memory", ["HostConfig.Tmpfs", $"{Field}.SizeBytes", $"{Field}.Mode", $"{Field}.Options", "HostConfig.Mounts.Source"], (body, context) =>
        {
            var host = body.HostConfig!;
            host.Mounts = host.Mounts?.Select(mount => mount.Type == "tmpfs" ? Checked(mount, context) : mount).ToList();
            foreach (var (target, options) in host.Tmpfs?.ToList() ?? [])
            {
                host.Tmpfs![target] = Options(options, context);
            }
        });

    private static Mount Checked(Mount mount, CheckContext context)
    {
        var options = mount.TmpfsOptions ?? new TmpfsOptions();
        if (mount.Source is { Length: > 0 })
        {
            context.Malformed("HostConfig.Mounts.Source", "a tmpfs has no source");
        }

        if (options.Options?.Exists(option => option.Count is 0 or > 2 || !Option().IsMatch(string.Join('=', option)) || option[0] == "size") == true)
        {
            context.Refuse($"{Field}.Options", "a tmpfs may have the options rw, ro, noexec, nosuid, nodev, mode, uid and gid");
        }

        if (options.Mode > 0b1_111_111_111)
        {
            context.Malformed($"{Field}.Mode", "a mode is up to 1777 in octal");
        }

        CheckSize(options.SizeBytes ?? 0, $"{Field}.SizeBytes", context);
        return mount with { TmpfsOptions = options with { SizeBytes = options.SizeBytes is null or 0 ? context.Grants.Memory.Default : options.SizeBytes } };
    }

    private static string Options(string options, CheckContext context)
    {
        var words = options.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (words.FirstOrDefault(word => !Option().IsMatch(word)) is { } unknown)
        {
            context.Refuse("HostConfig.Tmpfs", $"tmpfs option \"{CheckContext.Shown(unknown)}\" is not granted; rw, ro, noexec, nosuid, nodev, size, mode, uid and gid are");
            return options;
        }

        var sizes = words.Where(word => word.StartsWith("size=", StringComparison.Ordinal)).ToList();
        if (sizes.Count > 1)
        {
            context.Malformed("HostConfig.Tmpfs", "a tmpfs has one size");
        }

        sizes.ForEach(size => CheckSize(Bytes(size[5..]), "HostConfig.Tmpfs", context));
        return sizes.Count == 1 && Bytes(sizes[0][5..]) > 0
            ? options
            : string.Join(',', [.. words.Except(sizes), $"size={context.Grants.Memory.Default.ToString(CultureInfo.InvariantCulture)}"]);
    }

    private static void CheckSize(long bytes, string field, CheckContext context)
    {
        if (bytes < 0 || bytes > context.Grants.Memory.Max)
        {
            context.NoGrant(field, "bytes of a tmpfs", $"{bytes}", [$"0 to {context.Grants.Memory.Max}"]);
        }
    }

    /// <summary>The size in the options of a file system in memory; 0 where none is said, or it cannot be read.</summary>
    public static long Size(string options) =>
        options.Split(',').FirstOrDefault(word => word.StartsWith("size=", StringComparison.Ordinal) && Option().IsMatch(word)) is { } size ? Bytes(size[5..]) : 0;

    private static long Bytes(string size)
    {
        var shift = char.ToLowerInvariant(size[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        return long.Parse(shift == 0 ? size : size[..^1], CultureInfo.InvariantCulture) << shift;
    }

    [GeneratedRegex(@"\A(rw|ro|noexec|nosuid|nodev|size=[0-9]{1,9}[kmgKMG]?|size=[0-9]{1,15}|mode=0?[01]?[0-7]{1,3}|uid=[0-9]{1,9}|gid=[0-9]{1,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Option();
}
