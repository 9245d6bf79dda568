using Gateway.EngineApi;

namespace Gateway.Policy.Diff;

/// <summary>What somebody may do under one policy and not under the other.</summary>
/// <param name="Who">The user, or whoever has these O values in the certificate.</param>
/// <param name="On">The objects, as a rule's <c>on:</c>.</param>
/// <param name="Grant">The grant and value that make the difference; null where the operations themselves do.</param>
/// <param name="Proven">False where no request was found that shows it, and none could be shown not to exist.</param>
internal sealed record RightChange(string Who, string Role, string? Rule, IReadOnlyList<EngineOperation> Operations, string On, MissingGrant? Grant, bool Proven)
{
    private const int MostNamed = 8;

    /// <summary>In words, without who.</summary>
    public string Text => (Operations.Count, Grant) switch
    {
        (0, { } grant) => $"{grant.Key}: {grant.Text}",
        ( > MostNamed, { } grant) => $"{grant.Key}: {grant.Text}, for {Operations.Count} operations",
        (_, { } grant) => $"{grant.Key}: {grant.Text}, for {string.Join(", ", Operations.Select(o => o.Name))}",
        _ => $"{string.Join(", ", Operations.Select(o => o.Name))} on {On}",
    };
}
