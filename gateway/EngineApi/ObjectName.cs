using System.Buffers;

namespace Gateway.EngineApi;

/// <summary>The charset of the engine's names, <c>[A-Za-z0-9][A-Za-z0-9_.-]*</c> (moby <c>daemon/names</c>), 1 to 255 characters.</summary>
internal static class ObjectName
{
    private static readonly SearchValues<char> Rest =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_.-");

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= 255 && char.IsAsciiLetterOrDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(Rest);

    /// <summary>True for what could shadow, or be shadowed by, an id: 12 to 64 hex digits (threats §4.1).</summary>
    public static bool LooksLikeId(string name) => name.Length is >= 12 and <= 64 && !name.AsSpan().ContainsAnyExcept(LowerHex);
}
