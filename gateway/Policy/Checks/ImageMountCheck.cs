using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>An image mounted for its files: one that the role may run (grant <c>images</c>), with a sub-path that stays inside.</summary>
internal static class ImageMountCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "image-mounts", "images", ["HostConfig.Mounts.Source", "HostConfig.Mounts.ImageOptions.Subpath"], (body, context) =>
            body.HostConfig!.Mounts = body.HostConfig.Mounts?.Select(mount => mount.Type == "image" ? Checked(mount, context) : mount).ToList());

    private static Mount Checked(Mount mount, CheckContext context)
    {
        if (!VolumeMountCheck.IsInside(mount.ImageOptions?.Subpath))
        {
            context.Malformed("HostConfig.Mounts.ImageOptions.Subpath", "a sub-path is relative and has no dot segments");
        }

        return mount with { Source = ImageCheck.Judge(mount.Source ?? "", "HostConfig.Mounts.Source", context) };
    }
}
