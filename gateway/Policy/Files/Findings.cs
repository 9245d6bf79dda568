namespace Gateway.Policy.Files;

/// <summary>Collects what is wrong and what is doubtful over all files, so that everything is reported at once.</summary>
internal sealed class Findings
{
    private readonly List<PolicyError> _errors = [];
    private readonly List<PolicyError> _warnings = [];

    public int ErrorCount => _errors.Count;

    /// <summary>In the order of the files and the places in them.</summary>
    public IReadOnlyList<PolicyError> Errors => Sorted(_errors);

    public IReadOnlyList<string> Warnings => [.. Sorted(_warnings).Select(w => w.ToString())];

    public void Error(SourcePosition at, string message) => _errors.Add(new PolicyError(at, message));

    public void Warn(SourcePosition at, string message) => _warnings.Add(new PolicyError(at, message));

    private static List<PolicyError> Sorted(List<PolicyError> found) =>
        [.. found.OrderBy(e => e.At).ThenBy(e => e.Message, StringComparer.Ordinal)];
}
