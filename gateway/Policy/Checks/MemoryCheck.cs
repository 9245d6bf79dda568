using System.Globalization;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// Memory (grant <c>memory</c>): filled in where the caller says nothing, never over the most, swap at most as much again, never
/// lifted by an update, whose effect counts with what the container already has (I32). Kernel memory: no grant.
/// </summary>
internal static class MemoryCheck
{
    private const long MaxShm = 1L << 30;

    private static readonly string[] Fields = ["Memory", "MemorySwap", "MemoryReservation", "MemorySwappiness", "KernelMemory", "KernelMemoryTCP"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new("memory", "memory", [.. Fields.Select(f => "HostConfig." + f)], (body, context) =>
    {
        var host = body.HostConfig!;
        host.Memory = host.Memory is null or 0 ? context.Grants.Memory.Default : host.Memory;
        Check(host, host.Memory.Value, "HostConfig.", context);
    });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("memory", "memory", Fields, (body, context) =>
        Check(body, body.Memory is > 0 ? body.Memory.Value : Existing(context) is > 0 and var now ? now : context.Grants.Memory.Max, "", context));

    /// <summary>Shared memory counts as memory of the container: up to its limit, and to 1 GiB or what the grant <c>shm-size</c> says.</summary>
    public static Check<ContainerCreateBody> OfShm { get; } = new("shm-size", "shm-size", ["HostConfig.ShmSize", "HostConfig.Memory"], (body, context) =>
        Bound(body.HostConfig!.ShmSize, 0, Math.Min(context.Grants.ShmSize ?? MaxShm, body.HostConfig.Memory ?? context.Grants.Memory.Max), "HostConfig.ShmSize", "shared memory", context));

    /// <summary>A build step gets what the caller asks for within the most; without a word, the most.</summary>
    public static Check<NoBody> OfBuild { get; } = new("memory", "memory", ["?memory", "?memswap", "?shmsize"], (_, context) =>
    {
        var query = context.Query;
        var most = context.Grants.Memory.Max;
        var memory = Number(query.Get("memory")) is > 0 and var asked ? asked : most;
        Bound(memory, 0, most, "memory", "memory", context);
        Bound(Number(query.Get("memswap")), 0, 2 * memory, "memswap", "memory and swap", context);
        Bound(Number(query.Get("shmsize")), 0, Math.Min(context.Grants.ShmSize ?? MaxShm, memory), "shmsize", "shared memory", context);
        context.Query = query.With("memory", memory.ToString(CultureInfo.InvariantCulture));
    });

    private static void Check(ContainerResources r, long effective, string prefix, CheckContext context)
    {
        var most = context.Grants.Memory.Max;
        Bound(r.Memory, 0, most, prefix + "Memory", "memory", context);
        Bound(r.MemoryReservation, 0, most, prefix + "MemoryReservation", "memory", context);
        Bound(r.MemorySwap, 0, 2 * Math.Min(effective, most), prefix + "MemorySwap", "memory and swap", context);
        if (r.MemorySwappiness is < -1 or > 100)
        {
            context.Malformed(prefix + "MemorySwappiness", $"{r.MemorySwappiness} is not from 0 to 100");
        }

        foreach (var (field, value) in (ReadOnlySpan<(string, long?)>)[("KernelMemory", r.KernelMemory), ("KernelMemoryTCP", r.KernelMemoryTCP)])
        {
            if (value is not (null or 0))
            {
                context.Never(prefix + field, $"{value}", "kernel memory is the host's");
            }
        }
    }

    private static long? Existing(CheckContext context) =>
        Json.Number(Json.Member(context.Find(ObjectKind.Container, context.Request.Name ?? "")?.Raw ?? default, "HostConfig"), "Memory");

    private static void Bound(long? value, long least, long most, string field, string what, CheckContext context)
    {
        if (value is { } given && (given < least || given > most))
        {
            context.NoGrant(field, what, Amounts.SizeText(given), [$"{Amounts.SizeText(least)} to {Amounts.SizeText(most)}"]);
        }
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
