using System.Text.RegularExpressions;
using Gateway.EngineApi;
using Gateway.Forwarding;

namespace Gateway.Narrowing;

/// <summary>Error texts of the engine without others' ids and names (threats §4.4).</summary>
internal static partial class ErrorNarrowing
{
    /// <param name="written">For each id that the caller may know, the name as the caller wrote it.</param>
    public static WholeAnswer Narrow(WholeAnswer answer, IReadOnlyDictionary<string, string> written, string requestId)
    {
        var message = EngineError.Message(answer.Body) ?? $"operation failed (request {requestId})";
        return answer with { Body = EngineError.Body(Narrow(message, written)) };
    }

    public static string Narrow(string message, IReadOnlyDictionary<string, string> written)
    {
        if (NameInUse().Match(message) is { Success: true } inUse)
        {
            return $"Conflict. The container name \"{inUse.Groups["name"].Value}\" is already in use.";
        }

        message = message switch
        {
            _ when message.Contains("volume is in use", StringComparison.Ordinal) => message[..(message.IndexOf("volume is in use", StringComparison.Ordinal) + 16)],
            _ when message.Contains("has active endpoints", StringComparison.Ordinal) => message[..(message.IndexOf("has active endpoints", StringComparison.Ordinal) + 20)],
            _ when message.Contains("Pool overlaps", StringComparison.Ordinal) => "Pool overlaps with other one on this address space",
            _ when message.Contains("is using its referenced image", StringComparison.Ordinal) || message.Contains("image is being used by", StringComparison.Ordinal) =>
                "conflict: the image is in use by a container",
            _ => message,
        };

        foreach (var (id, name) in written)
        {
            message = message.Replace(id, name, StringComparison.Ordinal);
        }

        return Id().Replace(message, match => written.Keys.Any(id => id.StartsWith(match.Value, StringComparison.Ordinal)) ? match.Value : "(id)");
    }

    [GeneratedRegex("""The container name "(?<name>[^"]{1,300})" is already in use""")]
    private static partial Regex NameInUse();

    [GeneratedRegex(@"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{12})(?![0-9A-Za-z])")]
    private static partial Regex Id();
}
