using System.Globalization;
using System.Text;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Ulimits: known names, soft within hard, and hard within the grant <c>ulimits</c>. Left out, what stays inside the container is free,
/// counts go to 2^20, locked memory to the memory limit, and priorities and <c>unlimited</c> are refused (threats §3.2).
/// </summary>
internal static class UlimitCheck
{
    private const long Unlimited = -1;
    private const long Counts = 1 << 20;

    private static readonly Dictionary<string, long> Ungranted = new(StringComparer.Ordinal)
    {
        ["as"] = long.MaxValue,
        ["core"] = long.MaxValue,
        ["cpu"] = long.MaxValue,
        ["data"] = long.MaxValue,
        ["fsize"] = long.MaxValue,
        ["locks"] = long.MaxValue,
        ["rss"] = long.MaxValue,
        ["stack"] = long.MaxValue,
        ["msgqueue"] = Counts,
        ["nofile"] = Counts,
        ["nproc"] = Counts,
        ["sigpending"] = Counts,
        ["memlock"] = 0,
        ["nice"] = 0,
        ["rtprio"] = 0,
        ["rttime"] = 0,
    };

    /// <summary>The most of a named limit under these grants; −1 is unlimited.</summary>
    public static long Most(string name, Grants grants) =>
        grants.Ulimits.TryGetValue(name, out var said) ? said : name == "memlock" ? grants.Memory.Max : Ungranted[name];

    /// <summary>The names that a policy may list.</summary>
    public static IEnumerable<string> Names => Ungranted.Keys;

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "ulimits", "ulimits", ["HostConfig.Ulimits.Name", "HostConfig.Ulimits.Soft", "HostConfig.Ulimits.Hard"], (body, context) =>
            Check(body.HostConfig!.Ulimits, "HostConfig.Ulimits", context));

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new(
        "ulimits", "ulimits", ["Ulimits.Name", "Ulimits.Soft", "Ulimits.Hard"], (body, context) => Check(body.Ulimits, "Ulimits", context));

    public static Check<NoBody> OfBuild { get; } = new("ulimits", "ulimits", ["?ulimits"], (_, context) =>
    {
        if (context.Query.Get("ulimits") is { Length: > 0 } and not "null" and var text)
        {
            var limits = EngineBody.Read<List<Ulimit>>(Encoding.UTF8.GetBytes(text));
            Check(limits, "ulimits", context);
            context.Query = context.Query.With("ulimits", Encoding.UTF8.GetString(EngineBody.Write(limits)));
        }
    });

    private static void Check(List<Ulimit>? limits, string field, CheckContext context)
    {
        foreach (var limit in limits ?? [])
        {
            var name = limit.Name ?? "";
            if (!Ungranted.ContainsKey(name))
            {
                context.Malformed($"{field}.Name", $"\"{CheckContext.Shown(name)}\" is not an ulimit");
                continue;
            }

            var granted = Most(name, context.Grants);
            var (soft, hard) = (limit.Soft ?? 0, limit.Hard ?? 0);
            if (soft < Unlimited || hard < Unlimited || (hard != Unlimited && (soft == Unlimited || soft > hard)))
            {
                context.Malformed(field, $"ulimit {name}: soft {soft} and hard {hard} are not 0 or more, the soft within the hard");
            }
            else if (granted != Unlimited && (hard == Unlimited || hard > granted))
            {
                context.NoGrant($"{field}.Hard", "ulimit", $"{name}={Text(hard)}", [$"{name}={Text(granted)}"]);
            }
        }
    }

    private static string Text(long limit) => limit == Unlimited ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);
}
