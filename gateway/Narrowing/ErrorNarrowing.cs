using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>
/// Error texts of the engine without others' ids and names (threats §4.4). Known sentences are rewritten; any other is passed on
/// only if no word of it is the id or the name of an object that the caller may not see, which the engine is asked for then.
/// </summary>
/// <param name="written">For each id that was forwarded, the name as the caller wrote it.</param>
/// <param name="asked">What the caller's request said: words of it tell the caller nothing.</param>
internal sealed partial class ErrorNarrowing(EngineClient engine, Viewer viewer, IReadOnlyDictionary<string, string> written, string asked, string requestId)
{
    private const int ShortestId = 12;

    public async ValueTask<WholeAnswer> RewriteAsync(WholeAnswer answer, CancellationToken cancellationToken) =>
        answer with { Body = EngineError.Body(await NarrowAsync(EngineError.Message(answer.Body) ?? Generic, cancellationToken)) };

    /// <summary>One line of a stream in which an error may stand (moby <c>pkg/jsonmessage</c>).</summary>
    public async ValueTask<byte[]?> RewriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var raw = EngineClient.Parse(line);
        if (Json.String(raw, "error") is null && Json.Member(raw, "errorDetail").ValueKind == JsonValueKind.Undefined)
        {
            return line.ToArray();
        }

        var message = await NarrowAsync(Json.String(raw, "error") ?? Json.String(Json.Member(raw, "errorDetail"), "message") ?? Generic, cancellationToken);
        var detail = new JsonObject { ["message"] = message };
        if (Json.Member(Json.Member(raw, "errorDetail"), "code") is { ValueKind: JsonValueKind.Number } code)
        {
            detail["code"] = JsonNodes.Of(code);
        }

        return JsonNodes.Write(new JsonObject { ["errorDetail"] = detail, ["error"] = message })[..^1];
    }

    private string Generic => $"operation failed (request {requestId})";

    private async ValueTask<string> NarrowAsync(string message, CancellationToken cancellationToken)
    {
        var known = KnownErrors.Rewrite(message);
        message = known ?? message;
        foreach (var (id, name) in written)
        {
            message = message.Replace(id, name, StringComparison.Ordinal);
        }

        return known is null && await NamesOthersAsync(message, cancellationToken) ? Generic : message;
    }

    private async Task<bool> NamesOthersAsync(string message, CancellationToken cancellationToken)
    {
        var words = Reference().Matches(message).Concat(Word().Matches(message)).Select(match => match.Value.TrimEnd('.', '-', '_', ':', '/')).Where(word => !Asked(word)).ToHashSet(StringComparer.Ordinal);
        if (words.Count == 0)
        {
            return false;
        }

        var ids = words.Where(word => word.Length >= ShortestId && word.All(char.IsAsciiHexDigitLower)).ToList();
        try
        {
            return (await OthersAsync(cancellationToken)).Any(other =>
                words.Contains(other) || (other.Length == 64 && ids.Exists(id => other.StartsWith(id, StringComparison.Ordinal))));
        }
        catch (EngineAnswerException)
        {
            // Who the others are is not known: an image of one of them may be too long to be looked at.
            return true;
        }
    }

    private bool Asked(string word) => asked.Contains(word, StringComparison.Ordinal);

    /// <summary>Ids and names of everything that the caller may not see.</summary>
    private async Task<List<string>> OthersAsync(CancellationToken cancellationToken)
    {
        List<string> others = [];
        await foreach (var found in ListAsync(ObjectKind.Container, cancellationToken))
        {
            others.AddRange(IsOthers(found) ? [found.Id, .. Json.Strings(found.Raw, "Names").SelectMany(name => name.Split('/')).Where(name => name.Length > 0)] : []);
        }

        await foreach (var found in ListAsync(ObjectKind.Network, cancellationToken))
        {
            others.AddRange(IsOthers(found) && !viewer.SharesNetwork(found) && found.Name is not ("bridge" or "host" or "none") ? [found.Id, found.Name] : []);
        }

        await foreach (var found in ListAsync(ObjectKind.Volume, cancellationToken))
        {
            others.AddRange(IsOthers(found) ? [found.Id] : []);
        }

        await foreach (var found in ListAsync(ObjectKind.Image, cancellationToken))
        {
            others.AddRange(Json.Strings(found.Raw, "RepoTags").Where(name => !viewer.SeesImageName(name)).SelectMany(name => (string[])[name, name[..Math.Max(name.LastIndexOf(':'), 0)]]));
        }

        return [.. others.Where(other => other.Length > 1)];
    }

    private bool IsOthers(EngineObject found) => found.Owner != viewer.User && !viewer.Sees(found);

    private IAsyncEnumerable<EngineObject> ListAsync(ObjectKind kind, CancellationToken cancellationToken) =>
        engine.ListAsync(kind, null, skipTooLong: false, cancellationToken);

    [GeneratedRegex("[A-Za-z0-9][A-Za-z0-9_.:/-]*")]
    private static partial Regex Reference();

    [GeneratedRegex("[A-Za-z0-9][A-Za-z0-9_.-]*")]
    private static partial Regex Word();
}
