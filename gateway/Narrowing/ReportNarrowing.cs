using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>Reports of the whole engine, cut down to the caller's own (threats §4.4).</summary>
internal static class ReportNarrowing
{
    // What engines up to 1.55 say of themselves and not of their users. What a newer one adds is left out until it is known.
    private static readonly HashSet<string> InfoFields = new(StringComparer.Ordinal)
    {
        "ID", "Driver", "DriverStatus", "Plugins", "MemoryLimit", "SwapLimit", "KernelMemory", "KernelMemoryTCP", "CpuCfsPeriod", "CpuCfsQuota", "CPUShares",
        "CPUSet", "PidsLimit", "IPv4Forwarding", "BridgeNfIptables", "BridgeNfIp6tables", "Debug", "NFd", "OomKillDisable", "NGoroutines", "SystemTime",
        "LoggingDriver", "CgroupDriver", "CgroupVersion", "NEventsListener", "KernelVersion", "OperatingSystem", "OSVersion", "OSType", "Architecture",
        "IndexServerAddress", "NCPU", "MemTotal", "DockerRootDir", "Name", "ExperimentalBuild", "ServerVersion", "Runtimes", "DefaultRuntime",
        "LiveRestoreEnabled", "Isolation", "InitBinary", "ContainerdCommit", "RuncCommit", "InitCommit", "SecurityOptions", "ProductLicense",
        "DefaultAddressPools", "FirewallBackend", "CDISpecDirs", "Containerd", "Warnings",
    };

    public static byte[] Volumes(byte[] body, Viewer viewer)
    {
        var answer = JsonNodes.Object(body);
        return JsonNodes.Write(new JsonObject
        {
            ["Volumes"] = JsonNodes.Filter(answer["Volumes"], item => ListNarrowing.Volume(item, viewer)) ?? [],
            ["Warnings"] = null,
        });
    }

    public static byte[] DataUsage(byte[] body, Viewer viewer)
    {
        var answer = JsonNodes.Object(body);
        var report = new JsonObject { ["LayersSize"] = 0 };
        Add("Containers", item => ListNarrowing.Container(item, viewer));
        Add("Volumes", item => ListNarrowing.Volume(item, viewer));
        Add("Images", item => ListNarrowing.Image(item, viewer));
        report["BuildCache"] = new JsonArray();
        return JsonNodes.Write(report);

        void Add(string name, Func<JsonElement, JsonNode?> keep)
        {
            if (answer.ContainsKey(name))
            {
                report[name] = JsonNodes.Filter(answer[name], keep);
            }
        }
    }

    /// <param name="containers">The caller's containers, as ContainerList shows them.</param>
    /// <param name="images">How many images the caller may see.</param>
    public static byte[] Info(byte[] body, IReadOnlyList<EngineObject> containers, int images)
    {
        var answer = JsonNodes.Object(body);
        var states = containers.Select(c => Json.String(c.Raw, "State")).ToList();
        foreach (var name in answer.Select(field => field.Key).Where(name => !InfoFields.Contains(name)).ToList())
        {
            answer.Remove(name);
        }

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
        return JsonNodes.Write(answer);
    }

    /// <summary>What was untagged and deleted, without names that the caller may not read.</summary>
    public static JsonNode? DeletedImage(JsonElement item, Viewer viewer) =>
        Json.String(item, "Untagged") is { } name && ImageReference.TryParse(name, out var reference) && !reference.MayBeId && !viewer.SeesImageName(name) ? null : JsonNodes.Of(item);
}
