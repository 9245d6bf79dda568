using Gateway.EngineApi;

namespace Gateway.Policy.Diff;

/// <summary>Whether the objects that one selector is about are all among another's, for one user and operation.</summary>
internal static class SelectorCover
{
    /// <summary>Operations whose answer and decision are the same on whatever objects the rule is.</summary>
    private static readonly string[] OnNothing = ["SystemPing", "SystemPingHead", "SystemVersion", "SystemAuth"];

    /// <summary>Never a wrong yes.</summary>
    public static bool Holds(Selector holder, Selector held, EngineOperation operation)
    {
        if (holder.Kind == SelectorKind.All || OnNothing.Contains(operation.Name))
        {
            return true;
        }

        if (held.Kind == SelectorKind.All)
        {
            return false;
        }

        return !NamesAnObject(operation) || operation.Object == ObjectKind.Image || (holder.Kind, held.Kind) switch
        {
            (SelectorKind.Own, SelectorKind.Own) => true,
            (SelectorKind.Label, SelectorKind.Label) => holder.Labels!.All(label => held.Labels!.GetValueOrDefault(label.Key) == label.Value),
            (SelectorKind.Name, SelectorKind.Name) or (SelectorKind.Image, SelectorKind.Image) => GlobSet.Holds([holder.Pattern!], held.Pattern!) == true,
            _ => false,
        };
    }

    /// <summary>Whether a deny is about every object that the held selector is about; never a wrong yes.</summary>
    public static bool Denies(Selector deny, Selector held, EngineOperation operation) => DeniesAll(deny)
        || (NamesAnObject(operation) && (deny.Kind, held.Kind) switch
        {
            (SelectorKind.Label, SelectorKind.Label) => deny.Labels!.All(label => held.Labels!.GetValueOrDefault(label.Key) == label.Value),
            (SelectorKind.Name, SelectorKind.Name) or (SelectorKind.Image, SelectorKind.Image) => GlobSet.Holds([deny.Pattern!], held.Pattern!) == true,
            _ => false,
        });

    /// <summary>A deny on own objects is one on all: what would be somebody else's is not there at all.</summary>
    public static bool DeniesAll(Selector deny) => deny.Kind is SelectorKind.Own or SelectorKind.All;

    /// <summary>Whether no object is about both; never a wrong yes.</summary>
    public static bool AreApart(Selector first, Selector second, EngineOperation operation) => !NamesAnObject(operation) || (first.Kind, second.Kind) switch
    {
        (SelectorKind.Label, SelectorKind.Label) => first.Labels!.Any(label => second.Labels!.TryGetValue(label.Key, out var other) && other != label.Value),
        (SelectorKind.Name, SelectorKind.Name) or (SelectorKind.Image, SelectorKind.Image) => !GlobSet.Overlap(first.Pattern!, second.Pattern!),
        _ => false,
    };

    private static bool NamesAnObject(EngineOperation operation) => operation.Template.Contains('{', StringComparison.Ordinal);
}
