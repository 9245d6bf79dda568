namespace Gateway.Forwarding;

/// <summary>The engine's answer cannot be read where it must be (I65). Becomes a 502; the answer itself is never passed on.</summary>
internal sealed class EngineAnswerException(string message, Exception? inner = null) : Exception(message, inner);
