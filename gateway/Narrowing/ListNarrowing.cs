using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>Lists and reports cut down to what the caller may see (threats §4.4; I38, I40). What is no list of objects is never passed on (I65).</summary>
internal static class ListNarrowing
{
    public static byte[] Containers(byte[] body, Viewer viewer) => Write(Filter(Array(body), item => viewer.Owns(Labels(item))));

    public static byte[] Images(byte[] body, Viewer viewer) => Write(Images(Array(body), viewer));

    public static byte[] Networks(byte[] body, Viewer viewer)
    {
        var list = Filter(Array(body), item => viewer.Owns(Labels(item)) || viewer.SeesNetwork((string?)item["Name"] ?? ""));
        foreach (var network in list.OfType<JsonObject>())
        {
            Network(network, viewer);
        }

        return Write(list);
    }

    public static byte[] NetworkInspect(byte[] body, Viewer viewer)
    {
        var network = Object(body);
        Network(network, viewer);
        return Write(network);
    }

    public static byte[] Volumes(byte[] body, Viewer viewer)
    {
        var answer = Object(body);
        answer["Volumes"] = Filter(answer["Volumes"] as JsonArray ?? [], item => viewer.Owns(Labels(item)));
        answer["Warnings"] = null;
        return Write(answer);
    }

    public static byte[] DataUsage(byte[] body, Viewer viewer)
    {
        var answer = Object(body);
        if (answer["Containers"] is JsonArray containers)
        {
            answer["Containers"] = Filter(containers, item => viewer.Owns(Labels(item)));
        }

        if (answer["Volumes"] is JsonArray volumes)
        {
            answer["Volumes"] = Filter(volumes, item => viewer.Owns(Labels(item)));
        }

        if (answer["Images"] is JsonArray images)
        {
            answer["Images"] = Images(images, viewer);
        }

        answer["BuildCache"] = new JsonArray();
        answer["LayersSize"] = 0;
        foreach (var name in (string[])["ImageUsage", "ContainerUsage", "VolumeUsage", "BuildCacheUsage", "BuilderSize"])
        {
            answer.Remove(name);
        }

        return Write(answer);
    }

    /// <param name="own">The caller's own containers, as ContainerList shows them.</param>
    public static byte[] Info(byte[] body, JsonElement own, int images)
    {
        var answer = Object(body);
        var states = Json.Items(own).Select(c => Json.String(c, "State")).ToList();
        answer["Containers"] = states.Count;
        answer["ContainersRunning"] = states.Count(s => s == "running");
        answer["ContainersPaused"] = states.Count(s => s == "paused");
        answer["ContainersStopped"] = states.Count(s => s is not ("running" or "paused"));
        answer["Images"] = images;
        foreach (var name in (string[])["HttpProxy", "HttpsProxy", "NoProxy"])
        {
            answer[name] = "";
        }

        answer["Labels"] = new JsonArray();
        answer["Swarm"] = new JsonObject { ["LocalNodeState"] = "inactive" };
        answer["RegistryConfig"] = null;
        answer["DiscoveredDevices"] = null;
        answer["CDISpecDirs"] = null;
        return Write(answer);
    }

    public static byte[] ImageInspect(byte[] body, Viewer viewer)
    {
        var image = Object(body);
        Names(image, viewer);
        return Write(image);
    }

    private static JsonArray Images(JsonArray list, Viewer viewer)
    {
        foreach (var image in list.OfType<JsonObject>())
        {
            Names(image, viewer);
            image["Containers"] = -1;
        }

        return Filter(list, item => item["RepoTags"] is JsonArray { Count: > 0 } || item["RepoDigests"] is JsonArray { Count: > 0 } || viewer.Owns(Labels(item)));
    }

    /// <summary>Takes names out that the caller may not read, and labels that tell of other owners.</summary>
    private static void Names(JsonObject image, Viewer viewer)
    {
        foreach (var field in (string[])["RepoTags", "RepoDigests"])
        {
            if (image[field] is JsonArray names)
            {
                image[field] = Filter(names, name => ImageReference.TryParse((string?)name ?? "", out var reference) && viewer.SeesImage(reference.Canonical));
            }
        }

        foreach (var labels in new[] { image["Labels"], image["Config"]?["Labels"] }.OfType<JsonObject>())
        {
            if ((string?)labels[OwnerLabel.Name] != viewer.User)
            {
                labels.Remove(OwnerLabel.Name);
            }
        }
    }

    private static void Network(JsonObject network, Viewer viewer)
    {
        if (viewer.Owns(Labels(network)))
        {
            return;
        }

        network["Containers"] = new JsonObject();
        network.Remove("Services");
        network.Remove("Peers");
    }

    private static Dictionary<string, string> Labels(JsonNode item) =>
        (item["Labels"] as JsonObject)?.Where(l => l.Value is JsonValue).ToDictionary(l => l.Key, l => l.Value!.ToString(), StringComparer.Ordinal) ?? [];

    private static JsonArray Filter(JsonArray list, Func<JsonNode, bool> keep) =>
        new([.. list.Where(item => item is not null && keep(item)).Select(item => item!.DeepClone())]);

    private static JsonArray Array(byte[] body) => Parse(body) switch
    {
        JsonArray array => array,
        null => [],
        _ => throw new EngineAnswerException("the engine's list is no list"),
    };

    private static JsonObject Object(byte[] body) => Parse(body) as JsonObject ?? throw new EngineAnswerException("the engine's answer is no object");

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { MaxDepth = 128 });
        }
        catch (JsonException e)
        {
            throw new EngineAnswerException("the engine's answer is no JSON", e);
        }
    }

    private static byte[] Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(json);
        }

        buffer.Write("\n"u8);
        return buffer.ToArray();
    }
}
