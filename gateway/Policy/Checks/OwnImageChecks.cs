using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// Names that images are given, pushed under and taken away from lie in the caller's own namespace (grant <c>own-images</c>), else others
/// would run what they then point at (threats §3.4, I46). No name reads like an id, and none is a digest.
/// </summary>
internal static class OwnImageChecks
{
    public static Check<NoBody> Tag { get; } = new("tag", "own-images", ["?repo", "?tag"], (_, context) =>
    {
        // Without one a current engine stumbles, and says that all is well.
        if (string.IsNullOrEmpty(context.Query.Get("repo")))
        {
            context.Malformed("repo", "say which name to give the image");
        }

        Target(context.Query.Get("repo"), context.Query.Get("tag"), "repo", context);
    })
    { ForEveryone = true };

    public static Check<ContainerConfig> Commit { get; } = new("commit-name", "own-images", ["?repo", "?tag"], (_, context) =>
        Target(context.Query.Get("repo"), context.Query.Get("tag"), "repo", context))
    { ForEveryone = true };

    public static Check<NoBody> Build { get; } = new("build-names", "own-images", ["?t"], (_, context) =>
    {
        foreach (var name in context.Query.GetAll("t"))
        {
            Target(name, null, "t", context);
        }
    })
    { ForEveryone = true };

    /// <summary>One tag, said: without one the engine pushes them all.</summary>
    public static Check<NoBody> Push { get; } = new("push", "own-images", ["?tag"], (_, context) =>
    {
        var (name, tag) = (context.Request.Name!, context.Query.Get("tag"));
        if (!ImageReference.TryParse(name, out var image) || (image.Tag is null && string.IsNullOrEmpty(tag)))
        {
            context.Malformed("tag", "say which tag to push");
            return;
        }

        Target(image.Tag is null ? name : name[..name.LastIndexOf(':')], string.IsNullOrEmpty(tag) ? image.Tag : tag, "tag", context);
    });

    /// <summary>A name in the own namespace, or an image of one's own all of whose names are.</summary>
    public static Check<NoBody> Delete { get; } = new("image-delete", "own-images", [], (_, context) =>
    {
        var name = context.Request.Name!;
        if (!ImageReference.TryParse(name, out var reference) || context.Find(ObjectKind.Image, name) is not { } image || !ImageAccess.MayReadAs(context, reference, image))
        {
            context.NotFound(ObjectKind.Image, name);
            return;
        }

        var own = ImageAccess.IsId(reference, image)
            ? image.Owner == context.User && image.ImageNames.All(n => ImageReference.TryParse(n, out var r) && ImageAccess.MayWrite(context, r))
            : ImageAccess.MayWrite(context, reference);
        if (!own)
        {
            context.NoGrant("name", "changing image", name, ImagePattern.Written(context.Grants.OwnImages));
        }

        // With the last name of an image its nameless parents go, also those that somebody else built and that a Dockerfile named by their id.
        if (context.Facts.NamelessParents.Any(parent => parent.Owner is { } owner && owner != context.User))
        {
            context.Query = context.Query.With("noprune", "1");
        }
    });

    private static void Target(string? repository, string? tag, string field, CheckContext context)
    {
        if (string.IsNullOrEmpty(repository))
        {
            return;
        }

        var text = string.IsNullOrEmpty(tag) ? repository : $"{repository}:{tag}";
        if (!ImageReference.TryParse(text, out var image) || image.Digest is not null || image.MayBeId)
        {
            context.Malformed(field, $"\"{CheckContext.Shown(text)}\" is not a name that an image can be given");
        }
        else if (!ImageAccess.MayWrite(context, image))
        {
            context.NoGrant(field, "giving an image the name", image.Canonical, ImagePattern.Written(context.Grants.OwnImages));
        }
    }
}
