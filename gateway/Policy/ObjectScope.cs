using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>
/// Which objects one role may touch with one operation: the union of what its allow rules select, less what a deny rule of any
/// of the caller's roles selects (I51). Lists show exactly these.
/// </summary>
internal sealed record ObjectScope(string User, IReadOnlyList<Selector> Allowed, IReadOnlyList<Selector> Denied)
{
    /// <summary>True where the gateway's own objects are like others: for whoever is root on the host anyway.</summary>
    public bool ShowsGatewaysOwn { get; init; }

    /// <summary>Whoever's the object is.</summary>
    public bool All => Allowed.Any(selector => selector.Kind == SelectorKind.All);

    /// <summary>Everything that there is.</summary>
    public bool Whole => All && Denied.Count == 0;

    /// <summary>Nothing but what carries the caller's owner label: a filter that the engine can apply itself.</summary>
    public bool OwnOnly => Denied.Count == 0 && Allowed.All(selector => selector.Kind == SelectorKind.Own);

    public static ObjectScope Of(Caller caller, Role role, EngineOperation operation) => new(
        caller.User,
        [.. PolicyEvaluator.Rules(role, operation).Select(rule => rule.On)],
        [.. caller.Roles.SelectMany(r => r.Rules).Where(rule => rule.Effect == RuleEffect.Deny && rule.Operations.Contains(operation)).Select(rule => rule.On).Where(IsAboutSome)])
    {
        ShowsGatewaysOwn = role.Grants is null,
    };

    /// <summary>A deny on <c>own</c> or <c>all</c> is about the operation as such; the others are about the objects they select.</summary>
    public static bool IsAboutSome(Selector selector) => selector.Kind is SelectorKind.Label or SelectorKind.Name or SelectorKind.Image;

    public bool Covers(EngineObject found) => Allows(found) && !Denied.Any(selector => Excludes(selector, found));

    /// <summary>
    /// Label filters by which the engine itself finds exactly these objects, or null where it cannot. Conditions of one filter
    /// must all hold for it; the caller's own ones are added to them.
    /// </summary>
    public IReadOnlyList<string>? LabelFilters => Whole ? []
        : OwnOnly ? [$"{OwnerLabel.Name}={User}"]
        : Denied.Count == 0 && Allowed is [{ Kind: SelectorKind.Label, Labels: { } labels }] && !labels.Keys.Any(key => key.Contains('=', StringComparison.Ordinal)) ? [.. labels.Select(label => $"{label.Key}={label.Value}")]
        : null;

    /// <summary>True where nothing that the other shows would be hidden by this one.</summary>
    public bool ShowsAllOf(ObjectScope other) =>
        (All || other.Allowed.All(selector => Allowed.Any(mine => Same(mine, selector)))) && Denied.All(selector => other.Denied.Any(theirs => Same(theirs, selector)));

    private static bool Same(Selector one, Selector two) => one.Kind == two.Kind && one.Pattern == two.Pattern
        && (one.Labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal).SequenceEqual((two.Labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal));

    /// <summary>As if there were no deny rules: these have the last word on a whole request, not on each object in it.</summary>
    public bool Allows(EngineObject found) => Allowed.Any(selector => Selects(selector, found));

    /// <summary>
    /// True for what a deny rule is about. A container that was started from an id or a digest does not say what its image is
    /// called: it may be what is denied.
    /// </summary>
    public bool Excludes(Selector selector, EngineObject found) =>
        Selects(selector, found) || (selector.Kind == SelectorKind.Image && found.Kind != ObjectKind.Image && MayBe(selector.Pattern!, found.ImageName));

    private static bool MayBe(string pattern, string imageName) => ImageReference.TryParse(imageName, out var image)
        && (image.MayBeId || (image.Digest is not null && Glob.Matches(pattern.LastIndexOf(':') > pattern.LastIndexOf('/') ? pattern[..pattern.LastIndexOf(':')] : pattern, image.Repository)));

    /// <summary>True for what is the gateway's own, and so nobody's whatever its labels say.</summary>
    public bool Hides(EngineObject found) => !ShowsGatewaysOwn && FolderVolume.Is(found);

    public bool Selects(Selector selector, EngineObject found) => !Hides(found) && selector.Kind switch
    {
        SelectorKind.All => true,
        SelectorKind.Own => found.Owner == User,
        SelectorKind.Label => selector.Labels!.All(label => found.Labels.GetValueOrDefault(label.Key) == label.Value),
        SelectorKind.Name => Glob.Matches(selector.Pattern!, found.Name),
        SelectorKind.Image when found.Kind == ObjectKind.Image => found.ImageNames.Any(name => Glob.Matches(selector.Pattern!, name)),
        SelectorKind.Image => ImageReference.TryParse(found.ImageName, out var image) && Glob.Matches(selector.Pattern!, image.Canonical),
        _ => throw new InvalidOperationException($"selector {selector.Kind} is not known"),
    };
}
