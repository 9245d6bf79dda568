using Gateway.EngineApi;

namespace Gateway.Policy;

/// <summary>Why a request was refused: short, stable words for audit records and tests.</summary>
internal enum DenyReason
{
    /// <summary>The default value is a denial.</summary>
    EvaluationFailed,
    MalformedRequest,
    UnknownOperation,
    Unidentified,
    UnknownUser,
    NoRuleMatched,
    DeniedByRule,

    /// <summary>It was allowed, and is not any more.</summary>
    RightsEnded,
    NotGranted,
    NotFound,
    BodyTooLarge,
    UnsupportedMediaType,
    Conflict,
    RateLimited,
    QuotaExceeded,
    EngineUnreachable,
    EngineAnswerUnreadable,
    AuditFailed,
}

/// <summary>A name, as the caller wrote it, that stands for nothing the caller may know of.</summary>
internal sealed record MissingObject(ObjectKind Kind, string Name);

/// <summary>
/// The verdict on one request: an allow names the role and rule that allowed it, a denial the reason, the status and the words
/// for the client. Made only by the factories; nothing else is a verdict.
/// </summary>
internal sealed record Decision
{
    private Decision()
    {
    }

    public bool Allowed { get; private init; }

    public string? Role { get; private init; }

    public string? Rule { get; private init; }

    public DenyReason Reason { get; private init; }

    /// <summary>The HTTP status of a denial.</summary>
    public int Status { get; private init; }

    /// <summary>The message for the client, without the request id.</summary>
    public string Detail { get; private init; } = "";

    /// <summary>The offending fields, <c>HostConfig.Privileged</c>.</summary>
    public IReadOnlyList<string> Fields { get; private init; } = [];

    /// <summary>When it is worth trying again (429 only).</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>What is not there for this caller: answered in the words that its engine has for it.</summary>
    public MissingObject? Missing { get; private init; }

    public static Decision Allow(string role, string rule) => new() { Allowed = true, Role = role, Rule = rule };

    public static Decision Deny(DenyReason reason, int status, string detail, params IReadOnlyList<string> fields) =>
        new() { Reason = reason, Status = status, Detail = detail, Fields = fields };

    /// <summary>The denial of an object that is not there, or that the caller must not know of.</summary>
    public static Decision NotFound(EngineOperation operation, ObjectKind kind, string name) =>
        Deny(DenyReason.NotFound, MissingWords.Status(operation, kind), MissingWords.Message(operation, kind, name, int.MaxValue)) with { Missing = new MissingObject(kind, name) };

    /// <summary>A denial that a rule spoke, or that one role's grants led to.</summary>
    public Decision By(string role, string? rule) => this with { Role = role, Rule = rule };

    public Decision RetryIn(TimeSpan wait) => this with { RetryAfter = wait };
}
