namespace Gateway.Policy.Testing;

/// <summary>One value of one grant, and the same grants without it.</summary>
/// <param name="Item">The number in the key's list, or null where the value is the whole.</param>
internal sealed record GrantPiece(string Key, int? Item, Func<Grants, Grants> Without)
{
    /// <summary><c>images[0]</c>.</summary>
    public string Name => Item is { } number ? $"{Key}[{number}]" : Key;
}
