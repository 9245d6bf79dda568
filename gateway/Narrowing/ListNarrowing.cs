using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>
/// One element of a list at a time, as far as the caller may see it (threats §4.4; I38, I40); null is not there at all.
/// </summary>
internal static class ListNarrowing
{
    public static JsonNode? Container(JsonElement listed, Viewer viewer) => FolderMounts.AsBinds(Whole(ObjectKind.Container, listed, viewer));

    public static JsonNode? Volume(JsonElement listed, Viewer viewer) => Whole(ObjectKind.Volume, listed, viewer);

    public static JsonNode? Network(JsonElement listed, Viewer viewer)
    {
        var found = EngineObject.OfListed(ObjectKind.Network, listed);
        if (!viewer.Sees(found))
        {
            return viewer.SharesNetwork(found) ? InspectNarrowing.SharedNetwork(JsonNodes.Object(listed)) : null;
        }

        return WithoutMembers(listed);
    }

    /// <summary>Below API 1.28 a list has everybody who is on each network; NetworkInspect has those that the caller may see.</summary>
    public static JsonNode WithoutMembers(JsonElement listed)
    {
        var network = JsonNodes.Object(listed);
        network["Containers"] = new JsonObject();
        return network;
    }

    /// <summary>By its names that the caller may read; without any of these it is not there, but for a nameless one of one's own.</summary>
    public static JsonNode? Image(JsonElement listed, Viewer viewer)
    {
        if (!viewer.SeesImage(EngineObject.OfListed(ObjectKind.Image, listed)))
        {
            return null;
        }

        var image = InspectNarrowing.ImageNames(JsonNodes.Object(listed), viewer);
        image["Containers"] = -1;
        image["ParentId"] = "";
        return image;
    }

    public static JsonNode? Whole(ObjectKind kind, JsonElement listed, Viewer viewer) => viewer.Sees(kind, listed) ? JsonNodes.Of(listed) : null;
}
