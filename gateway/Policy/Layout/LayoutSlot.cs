using Gateway.Policy.Files;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Layout;

/// <summary>One entry of a mapping or item of a list, with the comments that belong to it.</summary>
internal sealed class LayoutSlot(YamlText? key, YamlNode value, IReadOnlyList<LayoutSlot> children)
{
    /// <summary>Null for an item of a list.</summary>
    public YamlText? Key => key;

    public YamlNode Value => value;

    /// <summary>In the order in which they are to be written.</summary>
    public IReadOnlyList<LayoutSlot> Children { get; set; } = children;

    public SourcePosition At => key?.At ?? value.At;

    /// <summary>Lines above it.</summary>
    public List<string> Leading { get; } = [];

    /// <summary>What stands behind it on its first line.</summary>
    public string? Trailing { get; set; }

    /// <summary>Lines below its last child, as far in as that.</summary>
    public List<string> Tail { get; } = [];

    /// <summary>The file has an empty line before it.</summary>
    public bool Blank { get; set; }

    public bool HasComments => Leading.Count > 0 || Trailing is not null || Tail.Count > 0;

    public IEnumerable<LayoutSlot> All => Children.SelectMany(child => child.All).Prepend(this);

    /// <summary>The slots of a node, in the file's order.</summary>
    public static IReadOnlyList<LayoutSlot> Of(YamlNode node) => node switch
    {
        YamlMap map => [.. map.Entries.Select(entry => new LayoutSlot(entry.Key, entry.Value, Of(entry.Value)))],
        YamlList list => [.. list.Items.Select(item => new LayoutSlot(null, item, Of(item)))],
        _ => [],
    };
}
