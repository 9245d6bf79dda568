namespace Gateway.Policy.Checks;

/// <summary>One rule about what a request may ask for. The fields it reads are data, so that none is forgotten and audit records know them.</summary>
/// <param name="Id">Names it in tests, <c>sysctls</c>.</param>
/// <param name="Grant">The policy key that it asks; null for a rule that no grant changes.</param>
/// <param name="Reads">Fields of the document as <c>HostConfig.Sysctls</c>, and query parameters as <c>?name</c>.</param>
internal abstract record Check(string Id, string? Grant, IReadOnlyList<string> Reads)
{
    /// <summary>True for what holds for a role without limits too: owners, ids for names, one meaning.</summary>
    public bool ForEveryone { get; init; }
}

/// <summary>A rule about one document. Checks read and write it: what they leave is what is forwarded.</summary>
internal sealed record Check<TBody>(string Id, string? Grant, IReadOnlyList<string> Reads, Action<TBody, CheckContext> Run) : Check(Id, Grant, Reads);

/// <summary>Stands for the document of an operation that has none.</summary>
internal sealed class NoBody
{
    public static NoBody Instance { get; } = new();
}
