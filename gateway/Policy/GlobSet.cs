using Gateway.EngineApi;

namespace Gateway.Policy;

/// <summary>
/// Exact questions about the languages of globs, in which <c>*</c> stands for any characters: whether one holds another, or a
/// union of others, and a text for each combination of globs that can match at once. By the subset construction over the
/// patterns' own characters and one that stands for every other.
/// </summary>
internal static class GlobSet
{
    // One of these stands for all characters that no pattern names; the last ones no pattern can name.
    private const string Others = "xyzwvutsrqponmlkjihgfedcba0123456789XYZ?\u0001";

    private const int MostStates = 20_000;

    /// <summary>Whether every text that the pattern matches is matched by one of the others; null where that took too many states to find out.</summary>
    public static bool? Holds(IReadOnlyList<string> others, string pattern)
    {
        if (others.Contains(pattern) || others.Contains("*"))
        {
            return true;
        }

        var missing = Search([pattern, .. others], OnlyFirst);
        return missing.Complete ? missing.Text is null : null;
    }

    /// <summary>A text that the pattern matches and none of the others does, or null.</summary>
    public static string? Missing(IReadOnlyList<string> others, string pattern) =>
        Search([pattern, .. others], OnlyFirst).Text;

    /// <summary>A canonical image name that the pattern matches and none of the others does, or null where none was found.</summary>
    public static string? MissingImage(IReadOnlyList<string> others, string pattern) =>
        Search([pattern, .. others], (matched, text) => OnlyFirst(matched, text) && IsCanonical(text), images: true).Text;

    /// <summary>Whether some text is matched by both; never a wrong no.</summary>
    public static bool Overlap(string first, string second)
    {
        var found = Search([first, second], (matched, _) => matched[0] && matched[1]);
        return found.Text is not null || !found.Complete;
    }

    private static bool OnlyFirst(bool[] matched, string text) => matched[0] && !matched.AsSpan(1).Contains(true);

    /// <summary>For each combination of the globs that some text matches, such a text; one for no match too, where there is one.</summary>
    /// <param name="images">Only canonical image names count as texts.</param>
    public static IReadOnlyList<string> Samples(IReadOnlyList<string> globs, bool images)
    {
        var samples = new Dictionary<string, string>(StringComparer.Ordinal);
        if (globs.Count == 0)
        {
            return [];
        }

        Search(globs, (matched, text) =>
        {
            if (text.Length > 0 && (!images || IsCanonical(text)))
            {
                samples.TryAdd(string.Concat(matched.Select(m => m ? '1' : '0')), text);
            }

            return false;
        }, images);
        return [.. samples.Values];
    }

    private static bool IsCanonical(string text) => ImageReference.TryParse(text, out var reference) && reference.Canonical == text;

    /// <summary>The shortest text that is wanted, or null; breadth first, so that the texts come by their length.</summary>
    private static (string? Text, bool Complete) Search(IReadOnlyList<string> globs, Func<bool[], string, bool> wanted, bool images = false)
    {
        var named = globs.SelectMany(glob => glob).Where(c => c != '*').Concat(images ? ":/." : "").Distinct().ToList();
        char[] alphabet = [.. named, Others.First(c => !named.Contains(c))];
        var start = globs.Select(glob => Close(glob, [0])).ToArray();
        var queue = new Queue<(int[][] State, string Text)>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { Key(start, "", images) };
        queue.Enqueue((start, ""));
        while (queue.TryDequeue(out var at))
        {
            var matched = globs.Select((glob, i) => at.State[i].Contains(glob.Length)).ToArray();
            if (wanted(matched, at.Text))
            {
                return (at.Text, true);
            }

            foreach (var c in alphabet)
            {
                var next = globs.Select((glob, i) => Step(glob, at.State[i], c)).ToArray();
                if ((!images || MayBeImage(at.Text + c)) && seen.Add(Key(next, at.Text + c, images)))
                {
                    if (seen.Count > MostStates)
                    {
                        return (null, false);
                    }

                    queue.Enqueue((next, at.Text + c));
                }
            }
        }

        return (null, true);
    }

    /// <summary>Two texts of one key go on alike; of an image's name it also counts where in the name it ends.</summary>
    private static string Key(int[][] state, string text, bool images)
    {
        var key = string.Join('|', state.Select(states => string.Join(',', states)));
        return images ? key + Place(text) : key;
    }

    private static string Place(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var domain = slash < 0 ? text : text[..slash];
        var colons = text[(text.LastIndexOf('/') + 1)..].Count(c => c == ':');
        return $"/{Math.Min(text.Count(c => c == '/'), 2)}{Math.Min(colons, 2)}{domain.Contains('.', StringComparison.Ordinal)}{text.Length == 0 || !char.IsAsciiLetterOrDigit(text[^1])}";
    }

    /// <summary>Whether an image's name may go on from here: it begins with a letter or digit, and no two separators follow each other.</summary>
    private static bool MayBeImage(string text) =>
        char.IsAsciiLetterOrDigit(text[0]) && (text.Length < 2 || char.IsAsciiLetterOrDigit(text[^1]) || char.IsAsciiLetterOrDigit(text[^2]));

    private static int[] Step(string glob, int[] states, char c)
    {
        var next = new SortedSet<int>();
        foreach (var state in states)
        {
            if (state < glob.Length && glob[state] == '*')
            {
                next.Add(state);
            }
            else if (state < glob.Length && glob[state] == c)
            {
                next.Add(state + 1);
            }
        }

        return Close(glob, next);
    }

    // A star may stand for nothing.
    private static int[] Close(string glob, SortedSet<int> states)
    {
        foreach (var state in states.ToList())
        {
            for (var i = state; i < glob.Length && glob[i] == '*'; i++)
            {
                states.Add(i + 1);
            }
        }

        return [.. states];
    }
}
