using Gateway.EngineApi;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>Reading and pulling images under the grant <c>images</c>; what is outside it is answered as if it did not exist (threats §3.4).</summary>
internal static class ImageQueryChecks
{
    // What a docker build pulls that finds no BuildKit in the engine (buildx, driver/docker-container): its user asked for a build, not for this.
    private const string BuildxBuilder = "docker.io/moby/buildkit";

    public static Check<NoBody> Read { get; } = new("image-read", "images", [], (_, context) => Readable(context.Request.Name!, context)) { ForEveryone = true };

    public static Check<NoBody> ReadAll { get; } = new("image-read-all", "images", ["?names"], (_, context) =>
    {
        var names = context.Query.GetAll("names");
        foreach (var name in names)
        {
            Readable(name, context);
        }

        // Without a tag the engine hands out all tags, of which one was judged.
        context.Query = context.Unlimited ? context.Query : context.Query.WithAll("names", names.Select(Judged));

        string Judged(string name) => ImageReference.TryParse(name, out var reference) && context.Find(ObjectKind.Image, name) is { } image && !ImageAccess.IsId(reference, image)
            ? reference.Tagged : name;
    })
    { ForEveryone = true };

    /// <summary>A pull by name, with its tag said: without one the engine pulls them all. Importing sets any name: no grant.</summary>
    public static Check<NoBody> Pull { get; } = new("pull", "images", ["?fromImage", "?tag", "?fromSrc", "?repo", "?changes", "?message"], (_, context) =>
    {
        var query = context.Query;
        if (!query.Has("fromImage") || query.Get("fromSrc") is { Length: > 0 } || query.Get("repo") is { Length: > 0 } || query.GetAll("changes").Count > 0 || query.Get("message") is { Length: > 0 })
        {
            if (!context.Unlimited)
            {
                context.Never("fromSrc", null, "an import sets any name; pull an image by its name");
            }

            return;
        }

        var (name, tag) = (query.Get("fromImage")!, query.Get("tag"));
        var text = string.IsNullOrEmpty(tag) ? name : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";
        if (!ImageReference.TryParse(text, out var image))
        {
            context.Malformed("fromImage", $"\"{CheckContext.Shown(text)}\" is not an image name");
        }
        else if (!ImageAccess.MayRead(context, image) && image.Repository == BuildxBuilder)
        {
            context.Refuse("fromImage", $"docker buildx wants a privileged builder of its own, \"{image.Canonical}\", as BuildKit (Session, Grpc) is for root-equivalent roles; set DOCKER_BUILDKIT=0 to build with the engine's classic builder");
        }
        else if (!ImageAccess.MayRead(context, image))
        {
            context.NoGrant("fromImage", "image", image.Canonical, ImagePattern.Written(context.Grants.Images));
        }
        else
        {
            context.Query = query.With("fromImage", image.Repository).With("tag", image.Digest ?? image.Tag ?? "latest");
        }
    })
    { ForEveryone = true };

    private static void Readable(string name, CheckContext context)
    {
        if (!ImageReference.TryParse(name, out var reference) || context.Find(ObjectKind.Image, name) is not { } image || !ImageAccess.MayReadAs(context, reference, image))
        {
            context.NotFound(ObjectKind.Image, name);
        }
    }
}
