namespace Gateway.Forwarding;

/// <summary>The engine does not answer on its socket. Becomes a 503 in the words that Docker's own client uses.</summary>
internal sealed class EngineUnreachableException(EngineEndpoint endpoint, Exception inner)
    : Exception($"Cannot connect to the Docker daemon at {endpoint}. Is the docker daemon running?", inner);
