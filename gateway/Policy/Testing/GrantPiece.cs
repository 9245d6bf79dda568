namespace Gateway.Policy.Testing;

/// <summary>One value of one grant, and the same grants without it.</summary>
/// <param name="Item">The number in the key's list, or null where the value is the whole.</param>
internal sealed record GrantPiece(string Key, int? Item, Func<Grants, Grants> Without)
{
    /// <summary>The value as the file has it; empty where the value is the whole.</summary>
    public string Value { get; init; } = "";

    /// <summary><c>images[0]</c>.</summary>
    public string Name => Item is { } number ? $"{Key}[{number}]" : Key;
}
