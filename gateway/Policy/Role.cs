using Gateway.EngineApi;

namespace Gateway.Policy;

/// <summary>What a user may do: rules say which operations on which objects, grants say what a body may ask for.</summary>
/// <param name="Grants">Null only for a root-equivalent role without a <c>grants</c> section, which is not limited by any.</param>
internal sealed record Role(
    string Name,
    string? About,
    bool RootEquivalent,
    IReadOnlyList<Rule> Rules,
    Grants? Grants)
{
    public RoleQuota? Quota { get; init; }

    public RoleRate? Rate { get; init; }
}

internal enum RuleEffect { Deny, Allow }

/// <summary>One rule of a role. A deny in any of the user's roles wins over every allow.</summary>
/// <param name="Operations">The operations that its patterns stand for, expanded at load.</param>
internal sealed record Rule(
    string Id,
    RuleEffect Effect,
    IReadOnlySet<EngineOperation> Operations,
    Selector On,
    string? Reason);

/// <summary>Which objects a rule is about. Own is the default.</summary>
internal enum SelectorKind { Own, All, Label, Name, Image }

/// <summary>A rule's <c>on:</c>. Patterns are globs in which <c>*</c> stands for any characters.</summary>
internal sealed record Selector(
    SelectorKind Kind,
    IReadOnlyDictionary<string, string>? Labels = null,
    string? Pattern = null)
{
    public static Selector Own { get; } = new(SelectorKind.Own);

    public static Selector All { get; } = new(SelectorKind.All);
}
