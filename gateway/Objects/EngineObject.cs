using System.Text.Json;
using Gateway.EngineApi;

namespace Gateway.Objects;

/// <summary>A name in a request, as the caller wrote it, and the kind of object it is meant to be.</summary>
internal readonly record struct ObjectReference(ObjectKind Kind, string Name);

/// <summary>An object that the engine knows, with what decisions need of it.</summary>
/// <param name="Id">The full id; of a volume its name.</param>
/// <param name="Owner">Whose it is by its labels; null is nobody's.</param>
/// <param name="Raw">The engine's answer that it was read from.</param>
internal sealed record EngineObject(ObjectKind Kind, string Id, string Name, string? Owner, IReadOnlyDictionary<string, string> Labels, JsonElement Raw)
{
    /// <summary>Names that an image goes by, canonical; empty for other kinds.</summary>
    public IReadOnlyList<string> ImageNames { get; init; } = [];

    /// <summary>What a container was started from, as the engine says it; empty for other kinds.</summary>
    public string ImageName { get; init; } = "";

    /// <summary>From an inspect answer.</summary>
    public static EngineObject Of(ObjectKind kind, JsonElement raw) => Of(kind, raw, NameOf(kind, raw), LabelsOf(kind, raw)) with
    {
        ImageName = kind == ObjectKind.Container ? Json.String(Json.Member(raw, "Config"), "Image") ?? "" : "",
    };

    /// <summary>From an element of a list, whose shape differs for containers and images.</summary>
    public static EngineObject OfListed(ObjectKind kind, JsonElement raw) => kind switch
    {
        ObjectKind.Container => Of(kind, raw, (Json.Strings(raw, "Names").FirstOrDefault(name => name.LastIndexOf('/') == 0) ?? "").TrimStart('/'), Json.Map(Json.Member(raw, "Labels"))) with
        {
            ImageName = Json.String(raw, "Image") ?? "",
        },
        ObjectKind.Image => Of(kind, raw, "", Json.Map(Json.Member(raw, "Labels"))),
        _ => Of(kind, raw),
    };

    /// <summary>The canonical names in an image's RepoTags and RepoDigests.</summary>
    public static IReadOnlyList<string> NamesOf(JsonElement raw) =>
    [
        .. Json.Strings(raw, "RepoTags").Concat(Json.Strings(raw, "RepoDigests"))
            .Select(text => ImageReference.TryParse(text, out var reference) ? reference.Canonical : "")
            .Where(text => text.Length > 0),
    ];

    private static EngineObject Of(ObjectKind kind, JsonElement raw, string name, Dictionary<string, string> labels) =>
        new(kind, IdOf(kind, raw), name, OwnerLabel.Of(labels), labels, raw) { ImageNames = kind == ObjectKind.Image ? NamesOf(raw) : [] };

    private static string IdOf(ObjectKind kind, JsonElement raw) => Json.String(raw, kind switch
    {
        ObjectKind.Volume => "Name",
        ObjectKind.Container or ObjectKind.Image or ObjectKind.Network => "Id",
        _ => "ID",
    }) ?? "";

    private static string NameOf(ObjectKind kind, JsonElement raw) =>
        (Json.String(raw, "Name") ?? Json.String(Json.Member(raw, "Spec"), "Name") ?? "").TrimStart(kind == ObjectKind.Container ? '/' : '\0');

    private static Dictionary<string, string> LabelsOf(ObjectKind kind, JsonElement raw) => Json.Map(kind switch
    {
        ObjectKind.Container or ObjectKind.Image => Json.Member(Json.Member(raw, "Config"), "Labels"),
        ObjectKind.Volume or ObjectKind.Network => Json.Member(raw, "Labels"),
        _ => Json.Member(Json.Member(raw, "Spec"), "Labels"),
    });
}
