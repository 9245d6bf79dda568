using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Gateway.EngineApi;

/// <summary>An image's name by the grammar of github.com/distribution/reference, normalised as Docker does (docker.io, library, latest).</summary>
internal sealed partial record ImageReference(string Domain, string Path, string? Tag, string? Digest)
{
    private const string DefaultDomain = "docker.io";

    /// <summary>True for an id or a prefix of one: what the engine looks up when no name matches.</summary>
    public bool MayBeId => (Path == "library/sha256" && Tag is not null && Id().IsMatch(Tag)) || Domain == DefaultDomain && Tag is null && Digest is null && Id().IsMatch(Familiar);

    /// <summary><c>docker.io/library/busybox</c>.</summary>
    public string Repository => $"{Domain}/{Path}";

    /// <summary><c>docker.io/library/busybox:latest</c>, or with the digest where there is one.</summary>
    public string Canonical => Digest is null ? $"{Repository}:{Tag ?? "latest"}" : $"{Repository}@{Digest}";

    /// <summary>As Docker shows it: without docker.io and library, and with what was said of tag and digest.</summary>
    public string Familiar
    {
        get
        {
            var name = Domain != DefaultDomain ? Repository : Path.StartsWith("library/", StringComparison.Ordinal) && Path.Count('/') == 1 ? Path[8..] : Path;
            return name + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);
        }
    }

    /// <summary>The same, and never without a tag or digest.</summary>
    public string Tagged => Tag is null && Digest is null ? Familiar + ":latest" : Familiar;

    /// <exception cref="RequestRefusedException">The text is no reference.</exception>
    public static ImageReference Parse(string text, string field) =>
        TryParse(text, out var reference) ? reference : throw new RequestRefusedException(400, $"\"{text}\" is not an image name", field);

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (text.Length > 512 || Grammar().Match(text) is not { Success: true } match)
        {
            return false;
        }

        var name = match.Groups["name"].Value;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var hasDomain = slash > 0 && (first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper));
        var domain = hasDomain ? first : DefaultDomain;
        var path = hasDomain ? name[(slash + 1)..] : name;
        domain = domain == "index.docker.io" ? DefaultDomain : domain;
        if (!PathGrammar().IsMatch(path) || !DomainGrammar().IsMatch(domain))
        {
            return false;
        }

        if (domain == DefaultDomain && !path.Contains('/', StringComparison.Ordinal))
        {
            path = "library/" + path;
        }

        reference = new ImageReference(domain, path, Value(match, "tag"), Value(match, "digest"));
        return true;
    }

    private static string? Value(Match match, string group) => match.Groups[group] is { Success: true } found ? found.Value : null;

    [GeneratedRegex(@"\A(?<name>[A-Za-z0-9][A-Za-z0-9._/-]*?(?::[0-9]{1,5}/[a-z0-9][a-z0-9._/-]*?)?)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();

    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex PathGrammar();

    [GeneratedRegex(@"\A[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*(?:\.[A-Za-z0-9]+(?:-+[A-Za-z0-9]+)*)*(?::[0-9]{1,5})?\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex DomainGrammar();

    [GeneratedRegex(@"\A[0-9a-f]{1,64}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
