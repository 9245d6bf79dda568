using Gateway.EngineApi;

namespace Gateway.Policy.Checks;

/// <summary>The image that a container runs: a granted name, or an image that the caller may see by its id.</summary>
internal static class ImageCheck
{
    /// <summary>What to forward: the full id where the caller gave one, else the name as Docker writes it.</summary>
    public static string Check(string? image, string field, CheckContext context)
    {
        if (string.IsNullOrEmpty(image) || !ImageReference.TryParse(image, out var reference))
        {
            context.Malformed(field, $"\"{image}\" is not an image name");
            return image ?? "";
        }

        var found = context.Find(ObjectKind.Image, image);
        if (found is not null && reference.MayBeId && !found.ImageNames.Contains(reference.Canonical))
        {
            if (!ImageAccess.MayRead(context, found))
            {
                context.NotFound(ObjectKind.Image, image);
            }

            return found.Id;
        }

        // A name under the grant stands for whatever it points at: images are shared by name.
        if (!ImageAccess.MayRead(context, reference) && found?.Owner != context.User)
        {
            context.Refuse(field, $"no grant for image \"{reference.Canonical}\"");
        }

        return reference.Familiar;
    }
}
