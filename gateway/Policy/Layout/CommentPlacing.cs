namespace Gateway.Policy.Layout;

/// <summary>Gives each comment to the part of the file that it is about: the one on its line, else the next, unless it is set further in.</summary>
internal static class CommentPlacing
{
    /// <summary>The comments that stand before everything and after everything; the caller writes them there, whatever comes first or last then.</summary>
    public static (IReadOnlyList<string> Header, IReadOnlyList<string> Footer) Place(IReadOnlyList<FileComment> comments, IReadOnlyList<LayoutSlot> roots, string[] lines)
    {
        var slots = roots.SelectMany(root => root.All).ToList();
        var (header, footer) = (new List<string>(), new List<string>());
        foreach (var comment in comments)
        {
            if (!comment.OwnLine && slots.Find(slot => slot.At.Line == comment.Line) is { Trailing: null } beside)
            {
                beside.Trailing = comment.Text;
                continue;
            }

            var next = slots.Find(slot => IsBefore(comment.Line, comment.Column, slot));
            if (next == slots[0])
            {
                header.Add(comment.Text);
            }
            else if (next is not null && comment.Column <= Column(next))
            {
                next.Leading.Add(comment.Text);
            }
            else
            {
                (Holder(roots, comment)?.Tail ?? footer).Add(comment.Text);
            }
        }

        foreach (var slot in slots)
        {
            var above = slot.At.Line - slot.Leading.Count - 1;
            slot.Blank = above >= 1 && string.IsNullOrWhiteSpace(lines[above - 1]);
        }

        return (header, footer);
    }

    /// <summary>Whose last child the comment follows: that child begins no further in than the comment does. Null for the file.</summary>
    private static LayoutSlot? Holder(IReadOnlyList<LayoutSlot> roots, FileComment comment)
    {
        LayoutSlot? holder = null;
        var level = roots;
        while (level.LastOrDefault(slot => !IsBefore(comment.Line, comment.Column, slot)) is { Children.Count: > 0 } slot && Column(slot.Children[0]) <= comment.Column)
        {
            holder = slot;
            level = slot.Children;
        }

        return holder;
    }

    private static bool IsBefore(int line, int column, LayoutSlot slot) => (slot.At.Line, slot.At.Column).CompareTo((line, column)) > 0;

    // An item's sign stands two columns before it.
    private static int Column(LayoutSlot slot) => slot.Key is null ? slot.At.Column - 2 : slot.At.Column;
}
