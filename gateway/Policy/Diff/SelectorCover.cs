using Gateway.EngineApi;

namespace Gateway.Policy.Diff;

/// <summary>Whether the objects that one selector is about are all among another's, for one user and operation.</summary>
internal static class SelectorCover
{
    /// <summary>Operations whose answer and decision are the same on whatever objects the rule is.</summary>
    private static readonly string[] OnNothing = ["SystemPing", "SystemPingHead", "SystemVersion", "SystemAuth"];

    /// <summary>Those whose path alone names an object: of the others, body and query do, or an answer shows them.</summary>
    private static readonly ObjectKind[] NamedByPath = [ObjectKind.Container, ObjectKind.Exec, ObjectKind.Volume];

    /// <summary>Never a wrong yes. A create is about what it makes, a list about what it shows.</summary>
    public static bool Holds(Selector holder, Selector held, EngineOperation operation) =>
        holder.Kind == SelectorKind.All
        || OnNothing.Contains(operation.Name)
        || (held.Kind != SelectorKind.All && operation.Object == ObjectKind.Image)
        || IsWithin(held, holder);

    /// <summary>Whether a deny is about every object that the held selector is about; never a wrong yes.</summary>
    public static bool Denies(Selector deny, Selector held) => DeniesAll(deny) || IsWithin(held, deny);

    /// <summary>A deny on own objects is one on all: what would be somebody else's is not there at all.</summary>
    public static bool DeniesAll(Selector deny) => deny.Kind is SelectorKind.Own or SelectorKind.All;

    /// <summary>Whether no object is about both, in any request of the operation; never a wrong yes.</summary>
    public static bool AreApart(Selector first, Selector second, EngineOperation operation) =>
        operation.Template.Contains('{', StringComparison.Ordinal) && NamedByPath.Contains(operation.Object) && (first.Kind, second.Kind) switch
        {
            (SelectorKind.Label, SelectorKind.Label) => first.Labels!.Any(label => second.Labels!.TryGetValue(label.Key, out var other) && other != label.Value),
            (SelectorKind.Name, SelectorKind.Name) or (SelectorKind.Image, SelectorKind.Image) => !GlobSet.Overlap(first.Pattern!, second.Pattern!),
            _ => false,
        };

    private static bool IsWithin(Selector held, Selector holder) => (holder.Kind, held.Kind) switch
    {
        (SelectorKind.Own, SelectorKind.Own) => true,
        (SelectorKind.Label, SelectorKind.Label) => holder.Labels!.All(label => held.Labels!.GetValueOrDefault(label.Key) == label.Value),
        (SelectorKind.Name, SelectorKind.Name) or (SelectorKind.Image, SelectorKind.Image) => GlobSet.Holds([holder.Pattern!], held.Pattern!) == true,
        _ => false,
    };
}
