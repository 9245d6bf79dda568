namespace Gateway.Policy.Files;

/// <summary>A loaded policy, or everything that keeps it from being one.</summary>
/// <param name="Policy">Null exactly where there are errors (I60).</param>
internal sealed record PolicyLoadResult(AccessPolicy? Policy, IReadOnlyList<PolicyError> Errors, IReadOnlyList<string> Warnings);
