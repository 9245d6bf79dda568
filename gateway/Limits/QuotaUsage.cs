using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>What a user has, or what a request would add.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="Cpus">Billionths of a CPU.</param>
internal readonly record struct QuotaUsage(long Containers, long Memory, long Cpus, long Volumes, long Networks)
{
    public static QuotaUsage operator +(QuotaUsage one, QuotaUsage other) => new(
        one.Containers + other.Containers, one.Memory + other.Memory, one.Cpus + other.Cpus, one.Volumes + other.Volumes, one.Networks + other.Networks);

    /// <summary>Which part of the quota this is over, for the caller to read; null where it is over none.</summary>
    /// <param name="added">Only what the request adds to is held against it: nobody needs room in one thing to make another.</param>
    public string? Over(RoleQuota quota, QuotaUsage added)
    {
        if (added.Containers > 0 && Containers > quota.Containers) return $"{quota.Containers} containers, stopped ones included";
        if (added.Memory > 0 && Memory > quota.Memory) return $"{quota.Memory} bytes of memory over all containers";
        if (added.Cpus > 0 && Cpus > quota.Cpus) return $"{(quota.Cpus.Value / 1e9m).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)} CPUs over all containers";
        if (added.Volumes > 0 && Volumes > quota.Volumes) return $"{quota.Volumes} volumes";
        return added.Networks > 0 && Networks > quota.Networks ? $"{quota.Networks} networks" : null;
    }
}
