namespace Gateway.Forwarding;

/// <summary>An answer that was read as a whole and may be written anew.</summary>
internal sealed record WholeAnswer(int Status, byte[] Body);

/// <summary>Reads a whole answer of the engine and gives what the client may see.</summary>
internal delegate ValueTask<WholeAnswer> AnswerRewrite(WholeAnswer answer, CancellationToken cancellationToken);

/// <summary>Reads a list of the engine's to its end and gives what the caller may see of it.</summary>
internal delegate ValueTask<byte[]> ElementsRewrite(Stream answer, CancellationToken cancellationToken);

/// <summary>Says whether one line of a stream of JSON lines may be seen, and how: null drops it.</summary>
internal delegate ValueTask<byte[]?> LineRewrite(ReadOnlyMemory<byte> line, CancellationToken cancellationToken);

/// <summary>
/// What is sent to the engine: every byte of it was written by the gateway from checked values (I2), but for the body of an
/// upload, which is streamed: scanned on its way, or trusted with nothing.
/// </summary>
internal sealed record ForwardPlan
{
    public required string Method { get; init; }

    /// <summary>Path and query, written anew.</summary>
    public required string Target { get; init; }

    /// <summary>The heads besides Host, Content-Type and framing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, written anew; null where the client's is streamed, or none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>True where the client's own body is streamed on (tar archives and images).</summary>
    public bool StreamsBody { get; init; }

    /// <summary>What becomes of a streamed body on its way; null where it is passed on as it is.</summary>
    public Func<Stream, Stream>? RewriteUpload { get; init; }

    public string? ContentType { get; init; }

    /// <summary>The protocol for the engine's Upgrade; not null makes the connection a tunnel.</summary>
    public string? Upgrade { get; init; }

    /// <summary>True where the answer goes on for long and each piece is flushed as it comes.</summary>
    public bool LongAnswer { get; init; }

    /// <summary>Done before anything is forwarded; a text is a refusal (status, words).</summary>
    public Func<CancellationToken, ValueTask<PlanRefusal?>>? Prepare { get; init; }

    /// <summary>The whole exchange with the engine, where it takes more than one call; nothing else is forwarded then.</summary>
    public Func<CancellationToken, ValueTask<WholeAnswer>>? Perform { get; init; }

    /// <summary>Narrows an answer below 300.</summary>
    public AnswerRewrite? RewriteAnswer { get; init; }

    /// <summary>Narrows an error.</summary>
    public AnswerRewrite? RewriteError { get; init; }

    public LineRewrite? RewriteLine { get; init; }

    /// <summary>Narrows a list as it comes.</summary>
    public ElementsRewrite? RewriteElements { get; init; }
}

/// <summary>Why a plan was given up before it was forwarded.</summary>
internal sealed record PlanRefusal(int Status, string Message);
