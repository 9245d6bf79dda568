namespace Gateway.EngineApi;

/// <summary>A request that cannot be read in exactly one way. The pipeline's one place for denials answers it.</summary>
/// <param name="status">The HTTP status: 400, 404, 413 or 415.</param>
/// <param name="message">What is wrong and what to do, for the caller.</param>
/// <param name="field">The offending parameter or field, where there is one.</param>
internal sealed class RequestRefusedException(int status, string message, string? field = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Field { get; } = field;
}
