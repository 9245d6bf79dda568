using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Memory, CPU and process limits: filled in where the caller says nothing, never over the grant, never lifted (I32).</summary>
internal static class LimitCheck
{
    private const long MaxShm = 1L << 30;

    public static void CheckCreate(HostConfig host, CheckContext context)
    {
        if (context.Unlimited)
        {
            return;
        }

        var grants = context.Grants;
        host.Memory = host.Memory is null or 0 ? grants.Memory.Default : host.Memory;
        host.PidsLimit = host.PidsLimit is null or 0 or -1 ? grants.Pids.Default : host.PidsLimit;
        if (host.NanoCpus is null or 0 && host.CpuQuota is null or 0)
        {
            host.NanoCpus = grants.Cpus.Default;
        }

        Check(host, "HostConfig.", context);
        if (host.ShmSize is { } shm && (shm < 0 || shm > Math.Min(MaxShm, host.Memory.Value)))
        {
            context.Refuse("HostConfig.ShmSize", "more shared memory than the memory limit or 1 GiB");
        }
    }

    public static void CheckUpdate(ContainerUpdateBody body, CheckContext context)
    {
        if (context.Unlimited)
        {
            return;
        }

        // For the engine 0 means "as it was" of memory and CPUs, but "no limit" of processes.
        body.PidsLimit = body.PidsLimit == 0 ? null : body.PidsLimit;
        Check(body, "", context);
    }

    private static void Check(ContainerResources r, string prefix, CheckContext context)
    {
        var grants = context.Grants;
        Bound(r.Memory, 0, grants.Memory.Max, prefix + "Memory", "bytes of memory", context);
        Bound(r.MemoryReservation, 0, grants.Memory.Max, prefix + "MemoryReservation", "bytes of memory", context);
        Bound(r.MemorySwap, 0, 2 * (r.Memory is > 0 ? r.Memory.Value : grants.Memory.Max), prefix + "MemorySwap", "bytes of memory and swap", context);
        Bound(r.MemorySwappiness, -1, 100, prefix + "MemorySwappiness", "", context);
        Bound(r.NanoCpus, 0, grants.Cpus.Max, prefix + "NanoCpus", "billionths of a CPU", context);
        Bound(r.CpuShares, 0, 1024, prefix + "CpuShares", "shares", context);
        Bound(r.PidsLimit, 1, grants.Pids.Max, prefix + "PidsLimit", "processes", context);
        Bound(r.CpuPeriod, 0, 1_000_000, prefix + "CpuPeriod", "microseconds", context);
        Bound(r.CpuQuota, 0, (long)(grants.Cpus.Max / 1e9 * (r.CpuPeriod is > 0 ? r.CpuPeriod.Value : 100_000)), prefix + "CpuQuota", "microseconds of CPU", context);
        if (r.CpuPeriod is > 0 && r.CpuQuota is null or 0 && r.NanoCpus is null or 0 && prefix.Length == 0)
        {
            // A shorter period alone would stretch a quota that was set before.
            context.Refuse(prefix + "CpuPeriod", "a period without its quota");
        }
    }

    private static void Bound(long? value, long min, long max, string field, string unit, CheckContext context)
    {
        if (value is { } given && (given < min || given > max))
        {
            context.Refuse(field, $"{given} is not from {min} to {max} {unit}".TrimEnd());
        }
    }
}
