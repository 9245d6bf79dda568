using System.Globalization;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// CPUs (grant <c>cpus</c>): filled in where the caller says nothing, never over the most, whether said in NanoCpus or as a quota of a
/// period; an update counts with the quota and period that the container already has (I32). Named CPUs and real time: no grant.
/// </summary>
internal static class CpuCheck
{
    private const long DefaultPeriod = 100_000;
    private const decimal NanosPerCpu = 1_000_000_000m;

    private static readonly string[] Fields =
        ["NanoCpus", "CpuQuota", "CpuPeriod", "CpuShares", "CpusetCpus", "CpusetMems", "CpuRealtimePeriod", "CpuRealtimeRuntime"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("cpus", "cpus", [.. Fields.Select(f => "HostConfig." + f)], (body, context) =>
    {
        var host = body.HostConfig!;
        if (host.NanoCpus is null or 0 && host.CpuQuota is null or 0)
        {
            // The engine takes NanoCpus or a period with its quota, not both.
            if (host.CpuPeriod is > 0 and var period)
            {
                host.CpuQuota = Quota(context.Grants.Cpus.Default, period);
            }
            else
            {
                host.NanoCpus = context.Grants.Cpus.Default;
            }
        }

        Check(host, host.CpuQuota ?? 0, host.CpuPeriod ?? 0, "HostConfig.", context);
    });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("cpus", "cpus", Fields, (body, context) =>
    {
        var said = body.CpuQuota is not (null or 0) || body.CpuPeriod is not (null or 0);
        var quota = body.CpuQuota is null or 0 ? Existing("CpuQuota", context) : body.CpuQuota.Value;
        var period = body.CpuPeriod is null or 0 ? Existing("CpuPeriod", context) : body.CpuPeriod.Value;
        Check(body, quota, period, "", context);
        if (said)
        {
            // Both, as judged: of two updates at once, the quota of one would else be held against the period of the other.
            body.CpuPeriod = period > 0 ? period : DefaultPeriod;
            body.CpuQuota = quota > 0 ? quota : Quota(context.Grants.Cpus.Default, body.CpuPeriod.Value);
        }
    });

    public static Check<NoBody> OfBuild { get; } = new("cpus", "cpus", ["?cpuperiod", "?cpuquota", "?cpushares", "?cpusetcpus", "?cpusetmems"], (_, context) =>
    {
        var query = context.Query;
        var period = Number(query.Get("cpuperiod")) is > 0 and var p ? p : DefaultPeriod;
        var quota = Number(query.Get("cpuquota")) is not (null or 0) and var q ? q.Value : Quota(context.Grants.Cpus.Max, period);
        var limits = new ContainerResources
        {
            CpuPeriod = period,
            CpuQuota = quota,
            CpuShares = Number(query.Get("cpushares")),
            CpusetCpus = query.Get("cpusetcpus"),
            CpusetMems = query.Get("cpusetmems"),
        };
        Check(limits, quota, period, "", context);
        context.Query = query.With("cpuperiod", Text(period)).With("cpuquota", Text(quota));
    });

    private static void Check(ContainerResources r, long quota, long period, string prefix, CheckContext context)
    {
        var most = context.Grants.Cpus.Max;
        if (r.NanoCpus is < 0 || r.NanoCpus > most)
        {
            context.NoGrant(prefix + "NanoCpus", "CPUs", Cpus(r.NanoCpus.Value), ["0 to " + Cpus(most)]);
        }

        if (r.CpuPeriod is not (null or 0 or (>= 1000 and <= 1_000_000)))
        {
            context.Malformed(prefix + "CpuPeriod", $"{r.CpuPeriod} is not from 1000 to 1000000 microseconds");
        }
        else if (quota < 0 || Of(quota, period) > most)
        {
            context.NoGrant(prefix + "CpuQuota", "CPUs, as quota and period say:", quota < 0 ? "unlimited" : Cpus(Of(quota, period)), ["0 to " + Cpus(most)]);
        }

        if (r.NanoCpus is > 0 && (r.CpuQuota is not (null or 0) || r.CpuPeriod is not (null or 0)))
        {
            context.Malformed(prefix + "NanoCpus", "NanoCpus and a quota or period say two things; send one");
        }

        if (r.CpuShares is not (null or 0 or (>= 2 and <= 1024)))
        {
            context.NoGrant(prefix + "CpuShares", "CPU shares", $"{r.CpuShares}", ["2 to 1024"]);
        }

        if (r.CpusetCpus is { Length: > 0 } || r.CpusetMems is { Length: > 0 })
        {
            context.Never(prefix + (r.CpusetCpus is { Length: > 0 } ? "CpusetCpus" : "CpusetMems"), r.CpusetCpus ?? r.CpusetMems, "which CPUs and memory banks are used is the engine's to choose");
        }

        if (r.CpuRealtimePeriod is not (null or 0) || r.CpuRealtimeRuntime is not (null or 0))
        {
            context.Never(prefix + (r.CpuRealtimePeriod is not (null or 0) ? "CpuRealtimePeriod" : "CpuRealtimeRuntime"), null, "real time starves others");
        }
    }

    private static decimal Of(long quota, long period) => quota * NanosPerCpu / (period > 0 ? period : DefaultPeriod);

    private static long Quota(long nanos, long period) => Math.Max(1000, (long)(nanos * (decimal)period / NanosPerCpu));

    private static string Cpus(decimal nanos) => (nanos / NanosPerCpu).ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Existing(string member, CheckContext context) =>
        Json.Number(Json.Member(context.Find(ObjectKind.Container, context.Request.Name ?? "")?.Raw ?? default, "HostConfig"), member) is > 0 and var now ? now : 0;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
