using Gateway.EngineApi;

namespace Gateway.Policy.Checks;

/// <summary>
/// The engine unpacks an archive as root: into a container that has a folder of the host read-write it is scanned on its way, wherever
/// in the container it is to go, since a link there may lead anywhere (Rule B8; I23).
/// </summary>
internal static class ArchiveCheck
{
    public static Check<NoBody> OfPut { get; } = new("archive", null, ["?path"], (_, context) =>
        context.ScansArchive = context.Find(ObjectKind.Container, context.Request.Name!) is not { } container || HostMounts.Writes(container, context.Facts));
}
