namespace Gateway.Forwarding;

/// <summary>The engine refuses a lookup for everybody alike: it is no swarm manager. Passed on in its own words.</summary>
/// <param name="body">The engine's answer, in its error shape.</param>
internal sealed class EngineRefusedException(int status, byte[] body) : Exception($"the engine answered {status} to a lookup")
{
    public int Status { get; } = status;

    public ReadOnlyMemory<byte> Body { get; } = body;
}
