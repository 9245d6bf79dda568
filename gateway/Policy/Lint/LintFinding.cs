using Gateway.Policy.Files;

namespace Gateway.Policy.Lint;

/// <summary>Something valid that is likely not meant.</summary>
/// <param name="Rule">A stable word for the kind of finding, <c>unused-role</c>.</param>
internal sealed record LintFinding(SourcePosition At, string Rule, string Message);
