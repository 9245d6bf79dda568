namespace Gateway.Policy.Ask;

/// <summary>A rule's <c>on:</c> as a policy file writes it.</summary>
internal static class Selectors
{
    public static string Text(Selector on) => on.Kind switch
    {
        SelectorKind.Own => "own",
        SelectorKind.All => "all",
        SelectorKind.Label => $"{{label: {{{string.Join(", ", on.Labels!.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}: {l.Value}"))}}}}}",
        SelectorKind.Name => $"{{name: \"{on.Pattern}\"}}",
        SelectorKind.Image => $"{{image: \"{on.Pattern}\"}}",
        _ => throw new InvalidOperationException($"selector {on.Kind} is not known"),
    };
}
