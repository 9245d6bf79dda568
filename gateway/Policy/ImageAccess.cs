using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>Which images a role may run, read and write: images are shared by name, so names decide.</summary>
internal static class ImageAccess
{
    public static bool MayRead(CheckContext context, ImageReference image) => Matches(context, image, context.Grants.Images) || MayWrite(context, image);

    public static bool MayWrite(CheckContext context, ImageReference image) => Matches(context, image, context.Grants.OwnImages);

    public static bool MayReadName(CheckContext context, string canonical) =>
        context.Unlimited || ImageReference.TryParse(canonical, out var reference) && MayRead(context, reference);

    /// <summary>An image found by whatever name: readable if one of its names is, or if its label says that this user built it.</summary>
    public static bool MayRead(CheckContext context, EngineObject image) =>
        context.Unlimited || image.Owner == context.User || image.ImageNames.Any(name => MayReadName(context, name));

    private static bool Matches(CheckContext context, ImageReference image, IReadOnlyList<string> patterns) =>
        context.Unlimited || patterns.Any(pattern => Glob.Matches(context.WithUser(pattern), image.Canonical)
            || (image.Digest is not null && image.Tag is not null && Glob.Matches(context.WithUser(pattern), $"{image.Repository}:{image.Tag}")));
}
