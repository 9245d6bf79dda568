using System.Text.Json;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>The memory and CPUs of one container as they count: where it has no limit, the role's default (threats §4.6).</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Cpus">Billionths of a CPU.</param>
internal readonly record struct ContainerLimits(long Memory, long Cpus)
{
    private const long DefaultPeriod = 100_000;
    private const long NanosPerCpu = 1_000_000_000;

    public static ContainerLimits Of(ContainerResources resources, Grants grants) =>
        Of(resources.Memory ?? 0, resources.NanoCpus ?? 0, resources.CpuQuota ?? 0, resources.CpuPeriod ?? 0, grants);

    /// <param name="inspected">The engine's inspect answer.</param>
    public static ContainerLimits Of(JsonElement inspected, Grants grants)
    {
        var host = Json.Member(inspected, "HostConfig");
        return Of(Number(host, "Memory"), Number(host, "NanoCpus"), Number(host, "CpuQuota"), Number(host, "CpuPeriod"), grants);
    }

    /// <summary>After an update: what it does not name stays.</summary>
    public static ContainerLimits After(JsonElement inspected, ContainerResources update, Grants grants)
    {
        var host = Json.Member(inspected, "HostConfig");
        return Of(
            update.Memory is > 0 ? update.Memory.Value : Number(host, "Memory"),
            update.NanoCpus is > 0 ? update.NanoCpus.Value : Number(host, "NanoCpus"),
            update.CpuQuota is > 0 ? update.CpuQuota.Value : Number(host, "CpuQuota"),
            update.CpuPeriod is > 0 ? update.CpuPeriod.Value : Number(host, "CpuPeriod"),
            grants);
    }

    private static ContainerLimits Of(long memory, long nanoCpus, long quota, long period, Grants grants) => new(
        memory > 0 ? memory : grants.Memory.Default,
        nanoCpus > 0 ? nanoCpus
        : quota > 0 ? (long)((decimal)quota / (period > 0 ? period : DefaultPeriod) * NanosPerCpu)
        : grants.Cpus.Default);

    private static long Number(JsonElement host, string name) =>
        Json.Member(host, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;
}
