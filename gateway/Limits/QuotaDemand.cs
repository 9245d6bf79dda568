using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy;

namespace Gateway.Limits;

/// <summary>What an allowed request would add to its user's usage, read from the body that is forwarded.</summary>
internal static class QuotaDemand
{
    /// <summary>Nothing for an operation that adds none, or that the quota does not bound.</summary>
    /// <param name="usage">Of now; an update adds the difference to what its container has.</param>
    public static QuotaUsage Of(Verdict verdict, CheckContext context, CountedUsage usage)
    {
        var grants = context.Grants;
        switch (context.Request.Operation!.Name)
        {
            case "ContainerCreate":
                var create = EngineBody.Read<ContainerCreateBody>(verdict.Body);
                var limits = ContainerLimits.Of(create.HostConfig!, grants);
                var anonymous = create.HostConfig!.Mounts?.Count(mount => mount.Type == "volume" && string.IsNullOrEmpty(mount.Source)) ?? 0;
                return new QuotaUsage(1, limits.Memory, limits.Cpus, context.VolumesToCreate.Distinct().Count() + anonymous, 0);
            case "ContainerUpdate" when context.Find(ObjectKind.Container, context.Request.Name!) is { } container && usage.Containers.TryGetValue(container.Id, out var inspected):
                var (before, after) = (ContainerLimits.Of(inspected, grants), ContainerLimits.After(inspected, EngineBody.Read<ContainerUpdateBody>(verdict.Body), grants));
                return new QuotaUsage(0, after.Memory - before.Memory, after.Cpus - before.Cpus, 0, 0);
            case "VolumeCreate":
                var name = EngineBody.Read<VolumeCreateBody>(verdict.Body).Name;
                return new QuotaUsage(0, 0, 0, string.IsNullOrEmpty(name) || !usage.VolumeNames.Contains(name) ? 1 : 0, 0);
            case "NetworkCreate":
                return new QuotaUsage(0, 0, 0, 0, 1);
            default:
                return default;
        }
    }

    /// <summary>Whether the operation can add anything that the quota bounds.</summary>
    public static bool MayAdd(EngineOperation operation, RoleQuota quota) => operation.Name switch
    {
        "ContainerCreate" => (quota.Containers ?? quota.Memory ?? quota.Cpus ?? quota.Volumes) is not null,
        "ContainerUpdate" => (quota.Memory ?? quota.Cpus) is not null,
        "VolumeCreate" => quota.Volumes is not null,
        "NetworkCreate" => quota.Networks is not null,
        _ => false,
    };
}
