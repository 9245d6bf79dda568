namespace Gateway.Policy.Diff;

/// <summary>Something that one role grants and another does not.</summary>
/// <param name="Text">The value as a policy file writes it.</param>
/// <param name="Field">The field of a create body that shows the difference, or null where none is known.</param>
/// <param name="Value">What the field would hold: JSON or text.</param>
/// <param name="ByItself">True where it is a gain without any request that shows it: a greater default.</param>
internal sealed record MissingGrant(string Key, string Text, string? Field = null, string? Value = null, bool ByItself = false);
