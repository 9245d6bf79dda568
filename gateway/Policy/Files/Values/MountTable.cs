namespace Gateway.Policy.Files.Values;

/// <summary>The mounts that this process sees, from <c>/proc/self/mountinfo</c>.</summary>
internal sealed class MountTable
{
    private readonly Dictionary<string, bool> _harmlessByPoint = new(StringComparer.Ordinal);

    private MountTable(string mountInfo)
    {
        foreach (var mount in MountInfo.Parse(mountInfo)) _harmlessByPoint[mount.Point] = mount.IsHarmless;
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
    /// <param name="source">A clean path; what follows a variable may be any folder there.</param>
    public bool IsNoSuidNoDev(string source)
    {
        var variable = source.IndexOf("${", StringComparison.Ordinal);
        var path = variable < 0 ? source : source[..Math.Max(variable - 1, 1)];
        var holder = path;
        while (!_harmlessByPoint.ContainsKey(holder) && holder != "/") holder = Parent(holder);
        return _harmlessByPoint.GetValueOrDefault(holder)
            && _harmlessByPoint.Where(mount => HostPath.LiesBelow(mount.Key, path)).All(mount => mount.Value);
    }

    private static string Parent(string path) => path[..Math.Max(path.LastIndexOf('/'), 1)];
}
