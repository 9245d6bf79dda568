using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A container's cgroup is the engine's to choose: another one escapes limits, or joins the host's slices (I27). No grant.</summary>
internal static class CgroupCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("cgroup", null, ["HostConfig.Cgroup", "HostConfig.CgroupParent"], (body, context) =>
    {
        Check(body.HostConfig!.Cgroup, "HostConfig.Cgroup", context);
        Check(body.HostConfig.CgroupParent, "HostConfig.CgroupParent", context);
    });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("cgroup", null, ["CgroupParent"], (body, context) =>
        Check(body.CgroupParent, "CgroupParent", context));

    private static void Check(string? value, string field, CheckContext context)
    {
        if (value is { Length: > 0 })
        {
            context.Never(field, value, "it escapes the limits of this role");
        }
    }
}
