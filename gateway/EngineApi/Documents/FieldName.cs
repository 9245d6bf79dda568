namespace Gateway.EngineApi.Documents;

/// <summary>
/// Go's folding of field names (encoding/json <c>foldName</c>): case, and the two letters outside ASCII whose simple folding is an
/// ASCII letter, the long s and the Kelvin sign.
/// </summary>
internal static class FieldName
{
    private const char LongS = '\u017F';
    private const char Kelvin = '\u212A';

    /// <summary>Two names are one field to the engine where their folded forms are equal.</summary>
    public static string Fold(string name) => name.Replace(LongS, 's').Replace(Kelvin, 'k').ToLowerInvariant();

    /// <summary>Only the letters outside ASCII; case is left to the comparison.</summary>
    public static void ToAscii(Span<char> name)
    {
        name.Replace(LongS, 's');
        name.Replace(Kelvin, 'k');
    }
}
