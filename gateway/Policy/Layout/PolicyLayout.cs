using System.Text;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Layout;

/// <summary>
/// The canonical layout of a policy file: keys in their order, two spaces a level, short lists and mappings on one line, comments
/// where they belong. Says the same as before: it is read again and compared before it counts.
/// </summary>
internal static class PolicyLayout
{
    private const int Widest = 130;

    /// <summary>The file's text laid out.</summary>
    /// <exception cref="FormatException">It cannot be laid out without changing what it says.</exception>
    public static string Of(string file, string text)
    {
        var once = Write(file, text);
        if (Canonical(Read(file, once)) != Canonical(Read(file, text)) || Comments(once) != Comments(text) || Write(file, once) != once)
        {
            throw new FormatException($"{file}: cannot be laid out without changing what it says; simplify its comments or quotes");
        }

        return once;
    }

    private static string Write(string file, string text)
    {
        var document = Read(file, text);
        var roots = LayoutSlot.Of(document);
        if (roots.Count == 0)
        {
            throw new FormatException($"{file}: holds nothing to lay out");
        }

        var (header, footer) = CommentPlacing.Place(FileComments.Of(text), roots, text.Split('\n'));
        var output = new StringBuilder();
        foreach (var line in header)
        {
            output.Append(line).Append('\n');
        }

        Block(output, KeyOrder.Sort(roots, []), 0, []);
        if (footer.Count > 0)
        {
            output.Append('\n').AppendJoin('\n', footer).Append('\n');
        }

        return output.ToString();
    }

    private static YamlNode Read(string file, string text)
    {
        var findings = new Findings();
        return new YamlDocumentReader(file, text, findings).Read() is { } node && findings.ErrorCount == 0 ? node : throw new FormatException(findings.Errors[0].ToString());
    }

    private static void Block(StringBuilder output, IReadOnlyList<LayoutSlot> slots, int indent, IReadOnlyList<string> path)
    {
        var first = true;
        foreach (var slot in slots)
        {
            if (!first && (slot.Blank || IsSection(path)))
            {
                output.Append('\n');
            }

            first = false;
            Slot(output, slot, indent, path);
        }
    }

    private static void Slot(StringBuilder output, LayoutSlot slot, int indent, IReadOnlyList<string> path)
    {
        IReadOnlyList<string> here = [.. path, slot.Key?.Value ?? ""];
        slot.Children = slot.Value is YamlMap ? KeyOrder.Sort(slot.Children, here) : slot.Children;
        var margin = new string(' ', indent);
        if (slot.Key is null && slot.Children.Count > 0)
        {
            // Nothing can stand between an item's sign and what begins it.
            slot.Leading.AddRange(slot.Children[0].Leading);
            slot.Children[0].Leading.Clear();
        }

        foreach (var line in slot.Leading)
        {
            output.Append(margin).Append(line).Append('\n');
        }

        var head = margin + (slot.Key is { } key ? Scalars.Write(key, inFlow: false) + ":" : "-");
        var trailing = slot.Trailing is { } comment ? "  " + comment : "";
        var flow = IsBlock(here) ? null : Flow.Write(slot);
        if (slot.Children.Count == 0 || (flow is not null && head.Length + 1 + flow.Length <= Widest))
        {
            var value = flow ?? Flow.Write(slot) ?? "";
            output.Append(head).Append(value.Length == 0 ? "" : " ").Append(value).Append(trailing).Append('\n');
        }
        else if (slot.Key is null)
        {
            var inner = new StringBuilder();
            Block(inner, slot.Children, indent + 2, here);
            var text = inner.ToString();
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            output.Append(head).Append(' ').Append(text, indent + 2, end - indent - 2).Append(trailing).Append(text, end, text.Length - end);
        }
        else
        {
            output.Append(head).Append(trailing).Append('\n');
            Block(output, slot.Children, indent + 2, here);
        }

        foreach (var line in slot.Tail)
        {
            output.Append(margin).Append("  ").Append(line).Append('\n');
        }
    }

    /// <summary>Sections of a file and roles stand apart.</summary>
    private static bool IsSection(IReadOnlyList<string> path) => path is [] or ["roles"];

    /// <summary>What always has a line for each of its parts.</summary>
    private static bool IsBlock(IReadOnlyList<string> path) => path is ["roles" or "users" or "groups"] or ["roles", _] or ["roles", _, "rules" or "grants"] or ["roles", _, "rules", _];

    /// <summary>What a tree says, whatever the order of keys and the quotes.</summary>
    private static string Canonical(YamlNode node) => node switch
    {
        YamlText text => $"\"{text.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        YamlList list => $"[{string.Join(',', list.Items.Select(Canonical))}]",
        YamlMap map => $"{{{string.Join(',', map.Entries.Select(entry => Canonical(entry.Key) + ":" + Canonical(entry.Value)).Order(StringComparer.Ordinal))}}}",
        _ => throw new InvalidOperationException($"unexpected node {node.Kind}"),
    };

    private static string Comments(string text) => string.Join('\n', FileComments.Of(text).Select(comment => comment.Text).Order(StringComparer.Ordinal));
}
