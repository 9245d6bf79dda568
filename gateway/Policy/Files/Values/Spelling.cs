namespace Gateway.Policy.Files.Values;

/// <summary>Finds the valid word that a misspelt one was most likely meant to be.</summary>
internal static class Spelling
{
    private const int LongestWord = 64;

    /// <summary><c>; did you mean "allow"?</c>, or nothing where no word is near.</summary>
    public static string Hint(string written, IEnumerable<string> valid) =>
        Nearest(written, valid) is { } word ? $"; did you mean \"{word}\"?" : "";

    public static string? Nearest(string written, IEnumerable<string> valid)
    {
        if (written.Length > LongestWord) return null;
        var bound = Math.Max(1, written.Length / 3);
        return valid
            .Select(word => (word, distance: Distance(written.ToLowerInvariant(), word.ToLowerInvariant(), bound)))
            .Where(candidate => candidate.distance <= bound)
            .OrderBy(candidate => candidate.distance)
            .ThenBy(candidate => Math.Abs(candidate.word.Length - written.Length))
            .ThenBy(candidate => candidate.word, StringComparer.Ordinal)
            .Select(candidate => candidate.word)
            .FirstOrDefault();
    }

    // Insertions, deletions, replacements and swapped neighbours (optimal string alignment), three rows at a time.
    private static int Distance(string a, string b, int bound)
    {
        if (Math.Abs(a.Length - b.Length) > bound) return bound + 1;
        var (before, previous, current) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) current[j] = Math.Min(current[j], before[j - 2] + 1);
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
