namespace Gateway.Policy.Commands;

/// <param name="JUnit">File for JUnit XML, or null.</param>
/// <param name="Threshold">The least coverage in percent, or null.</param>
internal sealed record PolicyTestOptions(string? JUnit = null, bool Coverage = false, int? Threshold = null);
