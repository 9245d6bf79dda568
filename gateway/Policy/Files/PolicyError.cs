namespace Gateway.Policy.Files;

/// <summary>One thing that makes a policy file invalid, printed as <c>FILE:LINE:COLUMN: message</c>.</summary>
internal sealed record PolicyError(SourcePosition At, string Message)
{
    public override string ToString() => $"{At}: {Message}";
}
