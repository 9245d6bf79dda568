using Gateway.EngineApi;
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

        // An engine that has no such mounts says so before it looks for the image: an id that is nobody's must not reach it either.
        if (ImageReference.TryParse(mount.Source ?? "", out var image) && image.MayBeId && context.Find(ObjectKind.Image, mount.Source!) is null)
        {
            context.NotFound(ObjectKind.Image, mount.Source!);
        }

        return mount with { Source = ImageCheck.Judge(mount.Source ?? "", "HostConfig.Mounts.Source", context) };
    }
}
