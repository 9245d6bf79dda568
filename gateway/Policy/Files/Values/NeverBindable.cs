namespace Gateway.Policy.Files.Values;

/// <summary>Paths that no role short of root-equivalent may bind, nor what is above or below them (threats.md rule B9, I24).</summary>
internal sealed class NeverBindable
{
    private const string AnyLib = "lib*";

    private static readonly string[] OfEveryHost =
    [
        "/proc", "/sys", "/dev", "/run", "/var/run", "/etc", "/root", "/boot", "/usr", $"/{AnyLib}", "/bin", "/sbin",
        "/var/lib/docker", "/var/lib/containerd",
    ];

    /// <summary>Those of every host, without patterns: what is looked up where they really lie.</summary>
    public static IReadOnlyList<string> Folders { get; } = [.. OfEveryHost.Where(path => path != $"/{AnyLib}"), "/lib", "/lib32", "/lib64", "/libx32"];

    private readonly List<(string Path, string[] Components)> _paths;

    /// <param name="ofThisGateway">Clean absolute paths: sockets, keys, policies, audit log.</param>
    public NeverBindable(IEnumerable<string> ofThisGateway) =>
        _paths = [.. OfEveryHost.Concat(ofThisGateway).Select(path => (path, HostPath.Components(path)))];

    /// <summary>How the source meets a protected path (<c>it lies below /etc</c>), or null where it meets none.</summary>
    public string? Meets(string source)
    {
        var components = HostPath.Components(source);
        foreach (var (path, other) in _paths)
        {
            if (!components.Zip(other).All(pair => MayBeSame(pair.First, pair.Second))) continue;
            var relation = components.Length.CompareTo(other.Length) switch { < 0 => "it holds", 0 => "it is", _ => "it lies below" };
            return $"{(UserVariable.IsIn(source) && relation == "it is" ? "it may be" : relation)} {path}";
        }

        return null;
    }

    // A user may be named like any component that is a valid name: /var/${user} is judged as the worst of them.
    private static bool MayBeSame(string granted, string kept) =>
        granted == kept
        || (kept == AnyLib && granted.StartsWith("lib", StringComparison.Ordinal))
        || (UserVariable.IsWhole(granted) && (kept == AnyLib || PolicyName.IsValid(kept)));
}
