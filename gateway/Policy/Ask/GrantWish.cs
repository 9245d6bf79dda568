namespace Gateway.Policy.Ask;

/// <summary>One addition to a role's grants that a request could need.</summary>
/// <param name="Key">The grant's key.</param>
/// <param name="Yaml">The value to write: an item where the key has a list, else the whole value.</param>
/// <param name="IsItem">True where the key has a list.</param>
/// <param name="Caution">What the addition opens beyond the container, or null.</param>
internal sealed record GrantWish(string Key, string Yaml, bool IsItem, Func<Grants, Grants> Add, string? Caution = null)
{
    /// <summary>True where it opens the host, and not only what is the caller's or other users'.</summary>
    public bool ReachesHost { get; init; }
}
