using Gateway.Identity;

namespace Gateway.Audit;

internal sealed record AuditResource(string Type, string? Id, string? Name, string? Owner);

/// <summary>One line of the audit log. It has no member for bodies, credentials or environment values (I63).</summary>
internal sealed record AuditRecord
{
    /// <summary><c>decision</c>, or <c>stream-end</c>.</summary>
    public required string Event { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Id { get; init; }

    public string? User { get; init; }

    public CertificateFacts? Certificate { get; init; }

    public string? Peer { get; init; }

    public string? Operation { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    public AuditResource? Resource { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public required string Decision { get; init; }

    public string? Role { get; init; }

    public string? Rule { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>With <c>serve --learn</c>, of a denial: <c>allow</c> where the wider role had allowed it.</summary>
    public string? Would { get; init; }

    /// <summary>What the decision was made on, as <see cref="RecordedInput"/> writes it.</summary>
    public byte[]? Input { get; init; }

    /// <summary>The answer's status; absent in the decision on a request that was forwarded, whose answer is not known yet.</summary>
    public int? Status { get; init; }

    public long? DurationMs { get; init; }

    public long? BytesIn { get; init; }

    public long? BytesOut { get; init; }
}
