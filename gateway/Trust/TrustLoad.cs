namespace Gateway.Trust;

/// <summary>What a reading of all files came to.</summary>
/// <param name="Snapshot">What is to be trusted from now on; null only at the first reading, where any fault leaves nothing.</param>
/// <param name="Faults">What is wrong; the part that it is about stays as it was (I60).</param>
internal sealed record TrustLoad(TrustSnapshot? Snapshot, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings);
