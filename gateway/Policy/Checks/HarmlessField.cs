namespace Gateway.Policy.Checks;

/// <summary>A field or query parameter that no check needs to read, and why it reaches nothing beyond the caller's own object.</summary>
/// <param name="Path">As in <see cref="Check.Reads"/>.</param>
internal sealed record HarmlessField(string Path, string Reason)
{
    /// <summary>Several with one reason, separated by spaces.</summary>
    public static IEnumerable<HarmlessField> All(string paths, string reason) =>
        paths.Split(' ').Select(path => new HarmlessField(path, reason));

    /// <summary>Several query parameters with one reason.</summary>
    public static IEnumerable<HarmlessField> Query(string names, string reason) => All("?" + names.Replace(" ", " ?", StringComparison.Ordinal), reason);
}
