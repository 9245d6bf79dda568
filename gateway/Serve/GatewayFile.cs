using Gateway.Policy;
using Gateway.Policy.Files;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Serve;

/// <summary>One setting of the file: its texts and where they stand.</summary>
internal sealed record FileSetting(SourcePosition At, IReadOnlyList<string> Values);

/// <summary><c>gateway.yaml</c>: the flags of <c>serve</c> without their dashes as keys, and <c>limits:</c>. As strict as a policy file.</summary>
internal sealed record GatewayFile(IReadOnlyDictionary<string, FileSetting> Settings, DefaultLimits Limits)
{
    private const string LimitsKey = "limits";

    public static GatewayFile Empty { get; } = new(new Dictionary<string, FileSetting>(), new DefaultLimits());

    /// <param name="keys">The names of the flags that the file may set.</param>
    /// <exception cref="SettingsException">Everything that is wrong in the file, each with its place.</exception>
    public static GatewayFile Read(string path, IReadOnlyList<string> keys)
    {
        var findings = new Findings();
        var file = YamlFile.Read(path, findings) is { } document ? Read(document, keys, findings) : Empty;
        return findings.ErrorCount == 0 ? file : throw new SettingsException(ExitCode.Configuration, [.. findings.Errors.Select(e => e.ToString())]);
    }

    private static GatewayFile Read(YamlNode document, IReadOnlyList<string> keys, Findings findings)
    {
        if (MapReader.Of(document, findings, [.. keys, LimitsKey]) is not { } map)
        {
            return Empty;
        }

        var settings = new Dictionary<string, FileSetting>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (map.Node(key) is { } node)
            {
                var items = node is YamlList list ? list.Items : [node];
                settings[key] = new FileSetting(node.At, [.. items.Select(item => MapReader.Parse<string>(item, NotEmpty, findings)).OfType<string>()]);
            }
        }

        return new GatewayFile(settings, map.Map(LimitsKey, "memory", "cpus", "pids") is { } limits ? ReadLimits(limits, findings) : new DefaultLimits());
    }

    private static DefaultLimits ReadLimits(MapReader map, Findings findings) => new()
    {
        Memory = LimitReader.Read(map, "memory", Amounts.TryParseSize, findings) ?? Limit.DefaultMemory,
        Cpus = LimitReader.Read(map, "cpus", Amounts.TryParseCpus, findings) ?? Limit.DefaultCpus,
        Pids = LimitReader.Read(map, "pids", Amounts.TryParsePids, findings) ?? Limit.DefaultPids,
    };

    private static bool NotEmpty(string text, out string value, out string problem)
    {
        value = text;
        problem = "must not be empty";
        return text.Length > 0;
    }
}
