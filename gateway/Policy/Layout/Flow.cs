using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Layout;

/// <summary>Writes a value on one line, where that is possible.</summary>
internal static class Flow
{
    /// <summary>Null where a comment stands inside, or an empty value that would vanish.</summary>
    public static string? Write(LayoutSlot slot) => slot.Value switch
    {
        YamlText text => Scalars.Write(text, inFlow: false),
        _ when slot.Tail.Count > 0 => null,
        YamlList { Items.Count: 0 } => "[]",
        YamlMap { Entries.Count: 0 } => "{}",
        YamlList => Join(slot, "[", "]"),
        _ => Join(slot, "{", "}"),
    };

    private static string? Join(LayoutSlot slot, string open, string close)
    {
        var parts = slot.Children.Select(Inside).ToList();
        return parts.Contains(null) ? null : open + string.Join(", ", parts) + close;
    }

    private static string? Inside(LayoutSlot slot)
    {
        if (slot.HasComments || slot.Value is YamlText { IsPlain: true, Value: "" })
        {
            return null;
        }

        var value = slot.Value is YamlText text ? Scalars.Write(text, inFlow: true) : Write(slot);
        return value is null ? null : slot.Key is { } key ? $"{Scalars.Write(key, inFlow: true)}: {value}" : value;
    }
}
