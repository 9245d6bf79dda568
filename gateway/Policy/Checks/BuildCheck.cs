using System.Text;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// A classic build (threats §3.5, I34): what would reach the host, the engine's own network or its stores has no grant; images whose
/// cache is used are ones that may be read. BuildKit's own builds say what they want elsewhere, where nothing judges it.
/// </summary>
internal static class BuildCheck
{
    private static readonly (string Name, string Why)[] Refused =
    [
        ("cgroupparent", "it escapes the limits of this role"),
        ("securityopt", "build steps keep their confinement"),
        ("isolation", "it is of Windows"),
        ("outputs", "the engine would write to its own stores or disk"),
        ("remote", "the engine would fetch it from the host's network"),
        ("session", "what a session gives is judged by nobody"),
    ];

    public static Check<NoBody> Reach { get; } = new(
        "build", null, [.. Refused.Select(r => "?" + r.Name), "?squash", "?version", "?buildid", "?rm", "?forcerm"], (_, context) =>
        {
            var query = context.Query;
            foreach (var (name, why) in Refused)
            {
                if (query.GetAll(name).FirstOrDefault(value => value is not ("" or "null" or "[]") && !(name == "isolation" && value == "default")) is { } value)
                {
                    context.Never(name, SecretFields.Holds("?" + name) ? null : value, why);
                }
            }

            if (query.IsTrue("squash"))
            {
                context.Never("squash", "true", "it takes layers apart in the engine's store");
            }

            if (query.Get("version") is not (null or "" or "1"))
            {
                context.Never("version", query.Get("version"), "what BuildKit is asked is judged by nobody; set DOCKER_BUILDKIT=0");
            }

            // Only BuildKit reads it, to cancel whatever build has that id.
            context.Query = query.Without("buildid");

            // The containers of steps are nobody's, or whose an image says: none of them stays.
            if (!context.Unlimited)
            {
                context.Query = context.Query.With("rm", "1").With("forcerm", "1");
            }
        });

    /// <summary>The images of <c>cachefrom</c>.</summary>
    /// <exception cref="RequestRefusedException">It is no JSON list of texts.</exception>
    public static IReadOnlyList<string> CacheImages(string text) => text is "" or "null" ? [] : EngineBody.Read<List<string>>(Encoding.UTF8.GetBytes(text));

    private static bool IsAnothersId(string image, CheckContext context) => ImageReference.TryParse(image, out var reference)
        && context.Find(ObjectKind.Image, image) is { } found && ImageAccess.IsId(reference, found) && !ImageAccess.MayRead(context, found);

    public static Check<NoBody> CacheFrom { get; } = new("build-cache", "images", ["?cachefrom"], (_, context) =>
    {
        if (context.Query.Get("cachefrom") is { } text && CacheImages(text).Count > 0)
        {
            // The engine takes no notice of one that is not there: an id that is another's is left out, not refused.
            var images = CacheImages(text).Where(image => !IsAnothersId(image, context)).Select(image => ImageCheck.Judge(image, "cachefrom", context)).ToList();
            context.Query = context.Query.With("cachefrom", Encoding.UTF8.GetString(EngineBody.Write(images)));
        }
    });
}
