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

    public static AnswerRule.Lists VolumeList { get; } = new(
        new Dictionary<string, Func<JsonElement, Viewer, JsonNode?>>(StringComparer.Ordinal) { ["Volumes"] = ListNarrowing.Volume },
        kept => new JsonObject { ["Volumes"] = kept["Volumes"]?.DeepClone() ?? new JsonArray(), ["Warnings"] = null });

    public static AnswerRule.Lists DataUsage { get; } = new(
        new Dictionary<string, Func<JsonElement, Viewer, JsonNode?>>(StringComparer.Ordinal)
        {
            ["Containers"] = ListNarrowing.Container,
            ["Volumes"] = ListNarrowing.Volume,
            ["Images"] = ListNarrowing.Image,
        },
        kept =>
        {
            kept["LayersSize"] = LayersSize(kept["Images"] as JsonArray ?? []);
            kept["BuildCache"] = new JsonArray();
            CountContainers(kept);
            return kept;
        });

    /// <summary>
    /// The least that the images which the caller may see take up: what each has alone, and once what the most shared one shares. The
    /// engine's own number is about everybody's; docker system df takes what is in use off it.
    /// </summary>
    private static long LayersSize(JsonArray images)
    {
        var sizes = images.OfType<JsonObject>().Select(image => (Size: Number(image, "Size"), Shared: Number(image, "SharedSize"))).ToList();
        return sizes.Sum(image => image.Size - image.Shared) + sizes.Select(image => image.Shared).DefaultIfEmpty().Max();
    }

    /// <summary>How many of the caller's own containers each image is used by, where the report has them.</summary>
    private static void CountContainers(JsonObject report)
    {
        if (report["Containers"] is not JsonArray containers)
        {
            return;
        }

        foreach (var image in (report["Images"] as JsonArray ?? []).OfType<JsonObject>())
        {
            image["Containers"] = containers.Count(container => (string?)container?["ImageID"] == (string?)image["Id"]);
        }
    }

    /// <summary>Of an image's sizes; one that was not counted is −1, which is nothing here.</summary>
    private static long Number(JsonObject image, string name) => image[name] is JsonValue value && value.TryGetValue<long>(out var number) ? Math.Max(number, 0) : 0;

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
