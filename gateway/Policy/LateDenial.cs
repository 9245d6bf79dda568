namespace Gateway.Policy;

/// <summary>What was allowed came to nothing after all, when the record of its decision was written already: an upload was not passed on to its end, a limit was reached.</summary>
internal sealed record LateDenial(Decision Decision);
