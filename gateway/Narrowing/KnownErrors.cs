using System.Text.RegularExpressions;
using Gateway.EngineApi;
using Gateway.Policy;

namespace Gateway.Narrowing;

/// <summary>The engine's sentences that name others' objects by their nature, and what is left of them (threats §4.4).</summary>
internal static partial class KnownErrors
{
    /// <summary>What to say instead, or null for a sentence that is none of these.</summary>
    public static string? Rewrite(string message) => message switch
    {
        _ when NameInUse().Match(message) is { Success: true } match => TakenName.Message(ObjectKind.Container, match.Groups["name"].Value),
        _ when message.Contains(FolderVolume.Prefix, StringComparison.Ordinal) => "a path inside a granted folder cannot be mounted: it is not there any more, or a link leads out of the folder",
        _ when Cut(message, "volume is in use") is { } cut => cut,
        _ when Cut(message, "has active endpoints") is { } cut => cut,
        _ when message.Contains("Pool overlaps", StringComparison.Ordinal) => "Pool overlaps with other one on this address space",
        _ when ImageInUse().Match(message) is { Success: true } match => $"{match.Groups["what"].Value} - the image is in use by a container",
        _ => null,
    };

    private static string? Cut(string message, string words) =>
        message.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at ? message[..(at + words.Length)] : null;

    [GeneratedRegex("""The container name "(?<name>[^"]{1,300})" is already in use""")]
    private static partial Regex NameInUse();

    [GeneratedRegex("^(?<what>conflict: [^\n]{1,600}?) - (?:container [0-9a-f]{12,64} is using its referenced image|image is (?:being )?(?:used by|referenced by))")]
    private static partial Regex ImageInUse();
}
