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

    /// <summary>
    /// An image found by its id: readable if one of its names is. Its owner label counts only where it has no name at all:
    /// whoever builds an image, or starts one from it, writes its labels (threats §4.3, I43).
    /// </summary>
    public static bool MayRead(CheckContext context, EngineObject image) =>
        context.Unlimited || (image.ImageNames.Count == 0 ? image.Owner == context.User : image.ImageNames.Any(name => MayReadName(context, name)));

    /// <summary>
    /// An image as a caller named it. A name counts as itself, whatever else the image is called; an id as all names that point at it,
    /// and a digest, beside which the engine looks at no tag, as those of its repository.
    /// </summary>
    /// <param name="image">What the engine has under the name.</param>
    public static bool MayReadAs(CheckContext context, ImageReference name, EngineObject image) => IsId(name, image)
        ? MayRead(context, image)
        : MayRead(context, name) || (name.Digest is not null && image.ImageNames.Any(other =>
            ImageReference.TryParse(other, out var same) && same.Repository == name.Repository && MayRead(context, same)));

    /// <summary>True where the engine found the image by its id: it looks for a name first.</summary>
    public static bool IsId(ImageReference name, EngineObject image) => name.MayBeId && !image.ImageNames.Contains(name.Canonical);

    private static bool Matches(CheckContext context, ImageReference image, IReadOnlyList<string> patterns) =>
        context.Unlimited || patterns.SelectMany(context.Expand).Any(pattern => Glob.Matches(pattern, image.Canonical));
}
