using System.Runtime.InteropServices;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// The image that a container runs (grant <c>images</c>): a granted name, or an id one of whose names is granted or that the
/// caller built (threats §3.1).
/// </summary>
internal static class ImageCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("images", "images", ["Image"], Check) { ForEveryone = true };

    // What an image brings stands in every list that the container is in.
    private const int MostConfig = 1 << 20;

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var image = body.Image ?? "";
        context.Image = context.Find(ObjectKind.Image, image);
        body.Image = Judge(image, "Image", context);
        if (!context.Unlimited && context.Image is { } found && JsonMarshal.GetRawUtf8Value(found.Raw).Length > MostConfig)
        {
            context.Malformed("Image", $"the image's labels, command and environment are longer than {MostConfig >> 20} MiB");
        }
    }

    /// <summary>What to forward: the full id where the caller gave one, else the name as Docker writes it.</summary>
    public static string Judge(string image, string field, CheckContext context)
    {
        if (!ImageReference.TryParse(image, out var reference))
        {
            context.Malformed(field, $"\"{CheckContext.Shown(image)}\" is not an image name");
            return image;
        }

        var found = context.Find(ObjectKind.Image, image);
        if (found is not null && ImageAccess.IsId(reference, found))
        {
            if (!ImageAccess.MayRead(context, found))
            {
                context.NotFound(ObjectKind.Image, image);
            }

            return found.Id;
        }

        // A name under the grant stands for whatever it points at: images are shared by name.
        if (!(found is null ? ImageAccess.MayRead(context, reference) : ImageAccess.MayReadAs(context, reference, found)))
        {
            context.NoGrant(field, "image", reference.Canonical, ImagePattern.Written(context.Grants.Images.Concat(context.Grants.OwnImages)));
        }

        return reference.Familiar;
    }
}
