using System.Globalization;
using Gateway.HostFiles;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Reach;

/// <summary>A Unix socket in a file system.</summary>
internal sealed record SocketOnHost(string Path, uint Owner);

/// <summary>A local account that somebody can log in to.</summary>
internal sealed record LocalAccount(string Name, string Home);

/// <summary>What the audit asks the host that it runs on. Without a host everything is judged by the policy's text alone.</summary>
internal sealed record HostView
{
    private const int MostEntries = 200_000;

    public NeverBindable Protected { get; init; } = new([]);

    public Func<string, bool> Exists { get; init; } = _ => false;

    /// <summary>Whether set-uid programs and devices below a source are powerless.</summary>
    public Func<string, bool> IsNoSuidNoDev { get; init; } = _ => false;

    /// <summary>Whether a folder above the source lets root alone in.</summary>
    public Func<string, bool> IsOutOfReach { get; init; } = _ => false;

    public Func<string, bool> IsBlockDevice { get; init; } = _ => false;

    public Func<string, IReadOnlyList<SocketOnHost>> SocketsBelow { get; init; } = _ => [];

    /// <summary>Why another than root could put something else in the path's place, or null.</summary>
    public Func<string, string?> Replaceable { get; init; } = _ => null;

    public IReadOnlyList<LocalAccount> Accounts { get; init; } = [];

    /// <summary>True where a host was asked.</summary>
    public bool IsReal { get; init; }

    public static HostView None(PolicyLoadOptions options) => new() { Protected = new NeverBindable(options.ProtectedPaths), IsNoSuidNoDev = options.IsMountedNoSuidNoDev };

    public static HostView Here(PolicyLoadOptions options) => new()
    {
        IsReal = true,
        Protected = new NeverBindable(options.ProtectedPaths),
        Exists = path => LinuxFile.StatOf(path) is not null,
        IsNoSuidNoDev = options.IsMountedNoSuidNoDev,
        IsOutOfReach = IsClosed,
        IsBlockDevice = path => LinuxFile.StatOf(path) is { IsBlockDevice: true },
        SocketsBelow = FindSockets,
        Replaceable = WhyReplaceable,
        Accounts = ReadAccounts(),
    };

    private static bool IsClosed(string source)
    {
        var parts = HostPath.Components(source).TakeWhile(part => part != UserVariable.Text).ToList();
        return Enumerable.Range(1, Math.Max(parts.Count - 1, 0))
            .Any(length => LinuxFile.StatOf("/" + string.Join('/', parts.Take(length))) is { Owner: 0, ClosedToOthers: true, IsFolder: true });
    }

    private static string? WhyReplaceable(string path)
    {
        var parts = HostPath.Components(path);
        for (var length = 0; length <= parts.Length; length++)
        {
            var at = "/" + string.Join('/', parts.Take(length));
            if (LinuxFile.StatOf(at) is not { } stat)
            {
                return null;
            }

            if (stat.IsLink)
            {
                return $"{at} is a symbolic link";
            }

            if (length < parts.Length && (stat.Owner != 0 || stat.WritableByOthers))
            {
                return stat.Owner != 0 ? $"{at} belongs to account {stat.Owner.ToString(CultureInfo.InvariantCulture)}" : $"{at} can be written by others than root";
            }
        }

        return null;
    }

    private static List<SocketOnHost> FindSockets(string path)
    {
        var found = new List<SocketOnHost>();
        if (LinuxFile.StatOf(path) is { IsSocket: true } self)
        {
            found.Add(new SocketOnHost(path, self.Owner));
        }

        var left = MostEntries;
        var folders = new Stack<string>([path]);
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };
        while (left > 0 && folders.TryPop(out var folder))
        {
            if (LinuxFile.StatOf(folder) is not { IsFolder: true })
            {
                continue;
            }

            try
            {
                foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", options).Take(left))
                {
                    left--;
                    switch (LinuxFile.StatOf(entry))
                    {
                        case { IsSocket: true } socket:
                            found.Add(new SocketOnHost(entry, socket.Owner));
                            break;
                        case { IsFolder: true }:
                            folders.Push(entry);
                            break;
                        default:
                            break;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or not ours to read: what else there is still counts.
            }
        }

        return [.. found.OrderBy(s => s.Path, StringComparer.Ordinal).Take(20)];
    }

    private static List<LocalAccount> ReadAccounts()
    {
        try
        {
            return
            [
                .. from line in File.ReadLines("/etc/passwd")
                   let fields = line.Split(':')
                   where fields.Length == 7 && uint.TryParse(fields[2], out var uid) && (uid == 0 || uid is >= 1000 and < 65534)
                       && !fields[6].EndsWith("/nologin", StringComparison.Ordinal) && !fields[6].EndsWith("/false", StringComparison.Ordinal) && fields[5].Length > 1
                   select new LocalAccount(fields[0], fields[5]),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
