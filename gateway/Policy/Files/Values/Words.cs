using System.Diagnostics.CodeAnalysis;

namespace Gateway.Policy.Files.Values;

/// <summary>Values that are one of a closed set of words, each set beside its meaning so that every message lists the same.</summary>
internal static class Words
{
    public static TextParser<bool> Flag { get; } = OneOf(("true", true), ("false", false));

    /// <summary>True for read-write.</summary>
    public static TextParser<bool> Access { get; } = OneOf(("ro", false), ("rw", true));

    /// <summary>True for a user other than root.</summary>
    public static TextParser<bool> User { get; } = OneOf(("any", false), ("non-root", true));

    public static TextParser<bool> Setuid { get; } = OneOf(("accepted", true));

    public static TextParser<string> HostNamespace { get; } =
        OneOf([.. new[] { "network", "pid", "ipc", "uts", "user", "cgroup" }.Select(word => (word, word))]);

    public static TextParser<T> OneOf<T>(params (string Word, T Value)[] words)
    {
        return Parse;

        bool Parse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out string? problem)
        {
            foreach (var (word, meaning) in words)
            {
                if (word != text) continue;
                (value, problem) = (meaning, null);
                return true;
            }

            var valid = words.Select(w => w.Word).ToList();
            (value, problem) = (default, valid.Count == 1
                ? $"expected \"{valid[0]}\", not {Quoted.Text(text)}"
                : $"expected one of {string.Join(", ", valid)}, not {Quoted.Text(text)}{Spelling.Hint(text, valid)}");
            return false;
        }
    }
}
