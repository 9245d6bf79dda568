using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>One object's answer without what it tells of others: shared networks and images that several users know (threats §4.4).</summary>
internal static class InspectNarrowing
{
    // Ids of the container that a build or commit was made in, and of what other users made of the same layers.
    private static readonly string[] OfOthers = ["Container", "ContainerConfig", "Parent", "Containers"];

    /// <summary>A network with the caller's own containers on it, whoever else is there.</summary>
    /// <param name="own">Full ids of the caller's containers.</param>
    public static byte[] Network(byte[] body, Viewer viewer, IReadOnlySet<string> own)
    {
        var raw = EngineClient.Parse(body);
        var network = JsonNodes.Object(raw);
        var containers = Members(network, own);
        network = viewer.Sees(EngineObject.Of(ObjectKind.Network, raw)) ? network : SharedNetwork(network);
        network["Containers"] = containers;
        return JsonNodes.Write(network);
    }

    /// <summary>A network with those of its containers alone.</summary>
    /// <param name="seen">Their full ids.</param>
    public static byte[] Members(byte[] body, IReadOnlySet<string> seen)
    {
        var network = JsonNodes.Object(body);
        network["Containers"] = Members(network, seen);
        return JsonNodes.Write(network);
    }

    private static JsonObject Members(JsonObject network, IReadOnlySet<string> seen) =>
        new((network["Containers"] as JsonObject)?.Where(entry => seen.Contains(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())) ?? []);

    /// <summary>Without who is on it, and without the label of its maker.</summary>
    public static JsonObject SharedNetwork(JsonObject network)
    {
        network["Containers"] = new JsonObject();
        (network["Labels"] as JsonObject)?.Remove(OwnerLabel.Name);
        foreach (var name in (string[])["Services", "Peers", "Status"])
        {
            network.Remove(name);
        }

        return network;
    }

    public static byte[] Image(byte[] body, Viewer viewer)
    {
        var image = ImageNames(JsonNodes.Object(body), viewer);
        foreach (var name in OfOthers.Where(image.ContainsKey))
        {
            image[name] = name == "ContainerConfig" ? null : "";
        }

        if (image["GraphDriver"] is JsonObject driver)
        {
            driver["Data"] = null;
        }

        return JsonNodes.Write(image);
    }

    /// <summary>A layer is tagged with every name of every image that ends there, and with its id.</summary>
    public static byte[] History(byte[] body, Viewer viewer)
    {
        var layers = JsonNodes.Of(EngineClient.Parse(body)) as JsonArray ?? throw new EngineAnswerException("the engine's history is no list");
        foreach (var (layer, i) in layers.OfType<JsonObject>().Select((layer, i) => (layer, i)))
        {
            var hidden = layer["Tags"] is JsonArray { Count: > 0 };
            layer["Tags"] = Names(layer["Tags"], viewer) is { Count: > 0 } names ? names : null;
            if (i > 0 && hidden && layer["Tags"] is null)
            {
                layer["Id"] = "<missing>";
            }
        }

        return JsonNodes.Write(layers);
    }

    /// <summary>Takes names out that the caller may not read, labels that tell of other owners, and the containers that use a platform's image.</summary>
    public static JsonObject ImageNames(JsonObject image, Viewer viewer)
    {
        foreach (var field in (string[])["RepoTags", "RepoDigests"])
        {
            if (image[field] is JsonArray names)
            {
                image[field] = Names(names, viewer);
            }
        }

        foreach (var labels in new[] { image["Labels"], image["Config"]?["Labels"] }.OfType<JsonObject>())
        {
            if ((string?)labels[OwnerLabel.Name] != viewer.User)
            {
                labels.Remove(OwnerLabel.Name);
            }
        }

        foreach (var data in (image["Manifests"] as JsonArray)?.OfType<JsonObject>().Select(m => m["ImageData"]).OfType<JsonObject>() ?? [])
        {
            data["Containers"] = new JsonArray();
        }

        return image;
    }

    private static JsonArray? Names(JsonNode? names, Viewer viewer) =>
        names is not JsonArray list ? null : new JsonArray([.. list.Select(name => name?.ToString() ?? "").Where(viewer.SeesImageName).Select(name => JsonValue.Create(name))]);
}
