namespace Gateway.EngineApi;

/// <summary>
/// One request as it was read: the fact that reading leaves for the decision. What could not be read is a refusal here, which
/// the decision turns into a denial.
/// </summary>
internal sealed record EngineRequest
{
    /// <summary>For messages and audit records: 16 hex digits.</summary>
    public required string Id { get; init; }

    public required string Method { get; init; }

    /// <summary>The path as the caller wrote it, without the query: for audit records only.</summary>
    public required string RawPath { get; init; }

    public EngineOperation? Operation { get; init; }

    public int? Version { get; init; }

    /// <summary>The object's name in the path, as the caller wrote it.</summary>
    public string? Name { get; init; }

    public string? SecondName { get; init; }

    public EngineQuery Query { get; init; } = EngineQuery.Empty;

    /// <summary>The registry credentials in the head; null where there are none.</summary>
    public RegistryAuth? RegistryAuth { get; init; }

    public RequestRefusedException? Refusal { get; init; }

    public string? ContentType { get; init; }

    public bool HasBody { get; init; }

    /// <summary>The Upgrade head is there: the caller gets a 101 where the operation makes a tunnel, else a 200.</summary>
    public bool WantsUpgrade { get; init; }

    /// <summary>A head of the request by its name.</summary>
    public required Func<string, string?> Header { get; init; }

    /// <summary>All the heads of that name, in their order.</summary>
    public Func<string, IReadOnlyList<string>> Headers { get; init; } = _ => [];
}
