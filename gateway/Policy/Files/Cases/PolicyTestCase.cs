namespace Gateway.Policy.Files.Cases;

/// <summary>Whose the object is that a case's request names; no engine is asked.</summary>
internal enum CaseOwner { Mine, Other, Absent }

/// <summary>One case of a <c>*.test.yaml</c>: a request, and the decision that the policies beside it must come to.</summary>
/// <param name="At">Where the case stands.</param>
/// <param name="Roles">The roles of a user made up for the case; null for a user whom the policies define.</param>
/// <param name="Target">As on the wire, with version prefix and query where the case has them.</param>
/// <param name="Body">The body's text; JSON where the file has it as a mapping.</param>
/// <param name="Rule">The id of the rule that must have decided, or null for any.</param>
/// <param name="Field">A field that the denial must name, or null for any.</param>
internal sealed record PolicyTestCase(
    SourcePosition At,
    string Name,
    string User,
    IReadOnlyList<string>? Roles,
    string Method,
    string Target,
    IReadOnlyDictionary<string, string> Headers,
    string? Body,
    CaseOwner Owner,
    bool ExpectsAllow,
    string? Rule,
    int? Status,
    string? Field);
