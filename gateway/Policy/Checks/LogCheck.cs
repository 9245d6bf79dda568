using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Log drivers run in the engine, as root: those that write to the container's own file are free, bounded in size. Others dial out
/// or open paths of the host: only under the grant <c>log-drivers</c>, with exactly the options that it fixes (I33). The engine's own
/// default can be any of them: a container that asks for none gets a bounded file.
/// </summary>
internal static partial class LogCheck
{
    private const string Field = "HostConfig.LogConfig";
    private const long MaxSize = 100L << 20;
    private const string Ordinary = "json-file";
    private static readonly string[] Free = [Ordinary, "local", "none"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("log-drivers", "log-drivers", [$"{Field}.Type", $"{Field}.Config"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var log = body.HostConfig!.LogConfig ?? new LogConfig();
        var driver = log.Type is { Length: > 0 } asked ? asked : Ordinary;
        var grant = context.Grants.LogDrivers.FirstOrDefault(g => g.Driver == driver);
        if (grant is null && !Free.Contains(driver))
        {
            context.NoGrant($"{Field}.Type", "log driver", driver, context.Grants.LogDrivers.Select(g => g.Driver).Concat(Free));
            return;
        }

        var options = new Dictionary<string, string>(log.Config ?? [], StringComparer.Ordinal);
        foreach (var (name, value) in options.Where(option => grant?.Options.GetValueOrDefault(option.Key) != option.Value))
        {
            if (!IsHarmless(name, value))
            {
                context.NoGrant($"{Field}.Config", $"option of log driver {driver}", name, grant?.Options.Keys ?? []);
            }
        }

        foreach (var (name, value) in grant?.Options ?? new Dictionary<string, string>())
        {
            options[name] = value;
        }

        if (driver == Ordinary)
        {
            options.TryAdd("max-size", "100m");
        }

        body.HostConfig.LogConfig = log with { Type = driver, Config = options.Count == 0 ? log.Config : options };
    }

    private static bool IsHarmless(string name, string value) => name switch
    {
        "max-size" => Size().Match(value) is { Success: true } size && Bytes(size) <= MaxSize,
        "max-file" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var files) && files is >= 1 and <= 10,
        "compress" => value is "true" or "false",
        "mode" => value is "blocking",
        "labels" or "env" => value.Length <= 1024 && !value.Any(char.IsControl),
        _ => false,
    };

    private static long Bytes(Match size) =>
        long.Parse(size.Groups["number"].Value, CultureInfo.InvariantCulture) << (size.Groups["unit"].Value.ToUpperInvariant() switch { "K" => 10, "M" => 20, "G" => 30, _ => 0 });

    [GeneratedRegex(@"\A(?<number>[1-9][0-9]{0,8})(?<unit>[kKmMgG]?)[bB]?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
