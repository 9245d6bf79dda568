namespace Gateway.Policy;

/// <summary>What a decision was made on besides the request's head: left for the audit record, which keeps of it what a replay needs.</summary>
internal sealed record DecisionInputs(ReadOnlyMemory<byte> Body, RequestFacts Facts);
