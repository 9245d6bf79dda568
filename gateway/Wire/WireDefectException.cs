namespace Gateway.Wire;

/// <summary>The bytes of a body are wrong on the wire. The connection ends after its answer.</summary>
internal sealed class WireDefectException(string message) : IOException(message);
