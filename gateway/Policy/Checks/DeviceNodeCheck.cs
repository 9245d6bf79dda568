using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// A device node made in a folder of the host acts there. So a container that has one read-write, by a bind, a volume or another container's
/// mounts, is without the capability to make one unless that is granted (Rule B8; I23). Runs after the rules on mounts.
/// </summary>
internal static class DeviceNodeCheck
{
    private const string Capability = "MKNOD";
    private const string Field = "HostConfig.CapDrop";

    public static Check<ContainerCreateBody> OfCreate { get; } = new("no-device-nodes", "capabilities", [Field], (body, context) =>
    {
        var host = body.HostConfig!;
        if (!IsGranted(context) && (host.Mounts?.Exists(mount => mount.ReadOnly != true && LeadsToHost(mount, context)) == true || host.VolumesFrom?.Exists(from => TakesOver(from, context)) == true))
        {
            host.CapDrop = new TextOrList([.. host.CapDrop ?? new TextOrList([]), Capability]);
        }
    });

    /// <summary>Of a container that was made when its owner had other rights, or past the gateway.</summary>
    public static Check<NoBody> OfStart { get; } = new("device-nodes", "capabilities", [], (_, context) =>
    {
        if (!context.AllObjects && !IsGranted(context) && context.Find(ObjectKind.Container, context.Request.Name!) is { } container
            && HostMounts.Writes(container, context.Facts) && !Json.Strings(Json.Member(container.Raw, "HostConfig"), "CapDrop").Any(IsDropped))
        {
            context.Refuse(Field, "this container has a folder of the host read-write and may make device nodes, which would act on the host; create it anew");
        }
    });

    private static bool IsGranted(CheckContext context) => context.Grants.Capabilities.Contains(Capability);

    private static bool LeadsToHost(Mount mount, CheckContext context) => mount.Type switch
    {
        "bind" => true,
        "volume" when mount.Source is { Length: > 0 } name => FolderVolume.IsName(name) || (context.Find(ObjectKind.Volume, name) is { } volume && HostMounts.HasOptions(volume)),
        _ => false,
    };

    private static bool TakesOver(string from, CheckContext context) =>
        !from.EndsWith(":ro", StringComparison.Ordinal)
        && (context.FindById(ObjectKind.Container, from.Split(':')[0]) is not { } container || HostMounts.Writes(container, context.Facts));

    // As engines keep it: some with the prefix, some without.
    private static bool IsDropped(string name) => name is Capability or "CAP_" + Capability or "ALL";
}
