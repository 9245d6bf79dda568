using System.Text.Json.Nodes;

namespace Gateway.EndToEnd.Reading;

/// <summary>What an engine holds, without what differs between two equal requests, and without what the gateway is documented to write itself.</summary>
internal static class Inspected
{
    private static readonly HashSet<string> OfTheMoment = new(StringComparer.Ordinal)
    {
        "Id", "ID", "Created", "CreatedAt", "State", "Pid", "Running", "ResolvConfPath", "HostnamePath", "HostsPath", "LogPath", "GraphDriver", "Storage", "NetworkSettings", "ExecIDs", "Mountpoint",
    };

    public static JsonObject Of(string json)
    {
        var inspected = JsonNode.Parse(json)!.AsObject();
        var id = (string?)inspected["Id"] ?? "";
        foreach (var name in OfTheMoment)
        {
            inspected.Remove(name);
        }

        foreach (var labels in (JsonNode?[])[inspected["Labels"], inspected["Config"]?["Labels"]])
        {
            labels?.AsObject().Remove("gateway.owner");
        }

        // An absent map and an empty one are the same; the owner's label makes one of the other.
        Empty(inspected, "Labels");
        if (inspected["Config"] is JsonObject config)
        {
            Empty(config, "Labels");
            if (id.Length > 12 && (string?)config["Hostname"] == id[..12])
            {
                config["Hostname"] = "its id";
            }

            // Volumes become labelled mounts, so that none exists without an owner: what is mounted is compared instead.
            config.Remove("Volumes");
        }

        if (inspected["HostConfig"] is JsonObject host)
        {
            var mounts = host["Mounts"]?.AsArray().Where(mount => (string?)mount!["Type"] != "volume").Select(mount => mount!.DeepClone()).ToArray() ?? [];
            host["Mounts"] = new JsonArray(mounts);
            if (host["Binds"] is JsonArray { Count: 0 })
            {
                host["Binds"] = null;
            }

            // The body that is forwarded always has a HostConfig; without one an old engine leaves out its default runtime's name.
            host["Runtime"] ??= "runc";
            inspected["Mounts"] = new JsonArray([.. inspected["Mounts"]!.AsArray().Select(Mount!).OrderBy(m => (string?)m["Destination"], StringComparer.Ordinal)]);
        }

        // An address range that the engine chose for itself is another one each time; the generator's start with 10.2.
        if (inspected["IPAM"] is JsonObject ipam && (string?)ipam["Config"]?[0]?["Subnet"] is { } subnet && !subnet.StartsWith("10.2", StringComparison.Ordinal))
        {
            ipam.Remove("Config");
        }

        return inspected;
    }

    private static JsonNode Mount(JsonNode mount) => (string?)mount["Type"] != "volume"
        ? mount.DeepClone()
        : new JsonObject { ["Type"] = "volume", ["Destination"] = (string?)mount["Destination"], ["RW"] = (bool?)mount["RW"], ["Driver"] = (string?)mount["Driver"] };

    private static void Empty(JsonObject parent, string name)
    {
        if (parent[name] is null or JsonObject { Count: 0 })
        {
            parent.Remove(name);
        }
    }
}
