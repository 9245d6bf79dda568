using System.Text.Json.Nodes;

namespace Gateway.Policy.DockerClient;

/// <summary>The words of a docker command, as its own parser (spf13/pflag) takes them apart.</summary>
internal sealed class FlagWords
{
    private readonly List<(string Name, string Value)> _flags = [];

    public List<string> Names { get; } = [];

    /// <param name="stopAtName">Everything from the first name on is a name: the container's own command follows.</param>
    /// <exception cref="FormatException">A flag is not known or lacks its value.</exception>
    public static FlagWords Parse(IReadOnlyList<string> words, string letters, string[] switches, string[] valued, bool stopAtName, string hint)
    {
        var read = new FlagWords();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--" || !word.StartsWith('-') || word == "-")
            {
                var from = word == "--" ? i + 1 : i;
                if (stopAtName || word == "--")
                {
                    read.Names.AddRange(words.Skip(from));
                    break;
                }

                read.Names.Add(word);
                continue;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                var name = equals < 0 ? word[2..] : word[2..equals];
                if (switches.Contains(name))
                {
                    if (equals < 0 || word[(equals + 1)..] is "true" or "1")
                    {
                        read._flags.Add((name, "true"));
                    }
                }
                else if (valued.Contains(name))
                {
                    read._flags.Add((name, equals >= 0 ? word[(equals + 1)..] : Next(words, ref i, word)));
                }
                else
                {
                    throw new FormatException($"the flag --{name} is not read without a client; {hint}");
                }

                continue;
            }

            for (var c = 1; c < word.Length; c++)
            {
                var name = word[c].ToString();
                if (letters.Contains(name, StringComparison.Ordinal))
                {
                    read._flags.Add((name, "true"));
                    continue;
                }

                if (!valued.Contains(name))
                {
                    throw new FormatException($"the flag -{name} is not read without a client; {hint}");
                }

                var inline = word[(c + 1)..];
                read._flags.Add((name, inline.Length == 0 ? Next(words, ref i, word) : inline.StartsWith('=') ? inline[1..] : inline));
                break;
            }
        }

        return read;
    }

    public bool Has(params string[] names) => _flags.Exists(flag => names.Contains(flag.Name));

    public string? Last(params string[] names) => _flags.FindLast(flag => names.Contains(flag.Name)).Value;

    public IEnumerable<string> All(params string[] names) => _flags.Where(flag => names.Contains(flag.Name)).Select(flag => flag.Value);

    public static JsonArray List(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    public static JsonObject Map(IEnumerable<string> pairs)
    {
        var map = new JsonObject();
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            map[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        }

        return map;
    }

    private static string Next(IReadOnlyList<string> words, ref int at, string flag) =>
        ++at < words.Count ? words[at] : throw new FormatException($"the flag {flag} lacks its value");
}
