namespace Gateway.Wire;

/// <summary>What is wrong with a request's bytes: the status and the words that the one place for denials answers with.</summary>
internal sealed record RequestDefect(int Status, string Message);

internal readonly record struct RequestHeader(string Name, string Value);

/// <summary>The head of one request as it stood on the wire, read by the strict grammar of <see cref="RequestHeadParser"/>.</summary>
/// <param name="Target">The raw request target, ASCII.</param>
/// <param name="Defect">Not null: the request was refused while it was read, and nothing after it is read.</param>
internal sealed record RequestHead(
    string Method,
    string Target,
    IReadOnlyList<RequestHeader> Headers,
    long? ContentLength,
    bool Chunked,
    RequestDefect? Defect = null)
{
    public bool HasBody => Chunked || ContentLength > 0;

    /// <summary>An Upgrade header exists, whatever its value: what the engine looks at (threats §5).</summary>
    public bool WantsUpgrade => Header("Upgrade") is not null;

    public bool Close => All("Connection").Any(value => value.Split(',', StringSplitOptions.TrimEntries).Contains("close", StringComparer.OrdinalIgnoreCase));

    public bool ExpectsContinue => Header("Expect") is not null;

    public static RequestHead Broken(int status, string message) => new("GET", "/", [], null, false, new RequestDefect(status, message));

    /// <summary>The first value of that name, whatever its case; null where there is none.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>All the values of that name, whatever its case.</summary>
    public IReadOnlyList<string> All(string name) => [.. Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];
}
