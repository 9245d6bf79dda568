using System.Globalization;

namespace Gateway.EngineApi;

/// <summary>
/// The query of one request: every name known to the operation, every value read as the engine reads it and written anew
/// (threats §2.3). Immutable.
/// </summary>
internal sealed record EngineQuery
{
    private static readonly HashSet<string> Lists = new(StringComparer.Ordinal) { "names", "t", "changes", "extrahosts", "securityopt", "platforms" };

    private static readonly HashSet<string> Booleans = new(StringComparer.Ordinal)
    {
        "all", "size", "follow", "stdout", "stderr", "timestamps", "details", "stream", "one-shot", "stdin", "logs", "v", "force", "link", "noprune",
        "q", "nocache", "forcerm", "rm", "squash", "pause", "quiet", "copyUIDGID", "noOverwriteDirNonDir", "manifests", "shared-size", "verbose", "digests",
    };

    private static readonly Dictionary<string, (long Min, long Max)> Numbers = new(StringComparer.Ordinal)
    {
        ["h"] = (0, 65535),
        ["w"] = (0, 65535),
        ["t"] = (0, 3600),
        ["limit"] = (-1, int.MaxValue),
        ["memory"] = (0, long.MaxValue),
        ["memswap"] = (-1, long.MaxValue),
        ["cpushares"] = (0, 262144),
        ["cpuperiod"] = (0, 1_000_000),
        ["cpuquota"] = (-1, long.MaxValue),
        ["shmsize"] = (0, 1L << 30),
        ["timeout"] = (0, 3600),
    };

    private readonly IReadOnlyList<KeyValuePair<string, string>> values;

    private EngineQuery(IReadOnlyList<KeyValuePair<string, string>> values) => this.values = values;

    public static EngineQuery Empty { get; } = new([]);

    /// <exception cref="RequestRefusedException">A name is unknown or repeated, or a value is not of its parameter's type.</exception>
    public static EngineQuery Parse(string raw, EngineOperation operation)
    {
        if (raw.Contains(';', StringComparison.Ordinal))
        {
            throw new RequestRefusedException(400, "the query holds \";\"; separate parameters with \"&\"");
        }

        List<KeyValuePair<string, string>> values = [];
        foreach (var pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = PercentText.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true);
            var value = equals < 0 ? "" : PercentText.Decode(pair[(equals + 1)..], plusIsSpace: true);
            if (IsHarmless(name, value, operation))
            {
                continue;
            }

            if (!operation.QueryNames.Contains(name))
            {
                throw new RequestRefusedException(400, $"unknown query parameter \"{Shown(name)}\" for {operation}", Shown(name));
            }

            if (!IsList(name, operation) && values.Exists(v => v.Key == name))
            {
                throw new RequestRefusedException(400, $"query parameter \"{name}\" stands more than once", name);
            }

            values.Add(new(name, Normal(name, value, operation)));
        }

        return new EngineQuery(values);
    }

    public bool Has(string name) => values.Any(v => v.Key == name);

    /// <summary>The value; null where the caller did not say.</summary>
    public string? Get(string name) => values.FirstOrDefault(v => v.Key == name).Value;

    public IReadOnlyList<string> GetAll(string name) => [.. values.Where(v => v.Key == name).Select(v => v.Value)];

    public bool IsTrue(string name) => Get(name) == "1";

    public EngineQuery With(string name, string value) => WithAll(name, [value]);

    public EngineQuery WithAll(string name, IEnumerable<string> all) =>
        new([.. values.Where(v => v.Key != name), .. all.Select(value => KeyValuePair.Create(name, value))]);

    public EngineQuery Without(string name) => WithAll(name, []);

    /// <summary>With its question mark, or empty.</summary>
    public override string ToString() =>
        values.Count == 0 ? "" : "?" + string.Join('&', values.Select(v => PercentText.Encode(v.Key) + "=" + PercentText.Encode(v.Value)));

    // What old and new clients send that no handler reads.
    private static bool IsHarmless(string name, string value, EngineOperation operation) => (operation.Name, name) switch
    {
        ("ContainerStart", "detachKeys") => true,
        ("ContainerList", "trunc_cmd") => true,
        ("ImageCreate", "fromSrc" or "repo" or "message") => value.Length == 0,
        ("ImageList", "filter") => value.Length == 0,
        _ => false,
    };

    private static bool IsList(string name, EngineOperation operation) =>
        Lists.Contains(name) && (name != "t" || operation.Object == ObjectKind.Build) || (name == "type" && operation.Name == "SystemDataUsage");

    private static string Normal(string name, string value, EngineOperation operation)
    {
        if (value.Any(char.IsControl) && operation.Object != ObjectKind.Build && name is not ("comment" or "message"))
        {
            throw new RequestRefusedException(400, $"query parameter \"{name}\" holds a control character", name);
        }

        if (Booleans.Contains(name) && (name, operation.Name) != ("all", "ContainerPrune"))
        {
            return value.Trim().ToUpperInvariant() is "" or "0" or "NO" or "FALSE" or "NONE" ? "0" : "1";
        }

        var isNumber = Numbers.TryGetValue(name, out var range) && (name != "t" || operation.Object == ObjectKind.Container);
        if (!isNumber || value.Length == 0)
        {
            return value;
        }

        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number.ToString(CultureInfo.InvariantCulture) == value && number >= range.Min && number <= range.Max
            ? value
            : throw new RequestRefusedException(400, $"query parameter \"{name}\" is not a number from {range.Min} to {range.Max}", name);
    }

    private static string Shown(string name) => new([.. name.Take(64).Select(c => char.IsControl(c) ? '?' : c)]);
}
