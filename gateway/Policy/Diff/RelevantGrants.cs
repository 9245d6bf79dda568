using Gateway.EngineApi;
using Gateway.Policy.Checks;

namespace Gateway.Policy.Diff;

/// <summary>Which grants can change what an operation is allowed or shows: those that its checks ask, and those that checks of another name look at besides. The others need no comparing for it.</summary>
internal static class RelevantGrants
{
    private static readonly string[] OfImages = ["images", "own-images", "registries"];
    private static readonly string[] OfUpdates = ["memory", "cpus", "pids", "devices", "gpus", "ulimits", "shm-size"];
    private static readonly string[] OfBuilds = [.. OfImages, "memory", "cpus", "networks", "labels", "ulimits", "shm-size", "host-namespaces", "user"];

    public static Func<string, bool> For(EngineOperation operation)
    {
        var asked = CheckCatalogue.For(operation)?.Checks.Select(check => check.Grant).OfType<string>().ToHashSet(StringComparer.Ordinal) ?? [];
        var besides = Besides(operation);
        return key => asked.Contains(key) || besides(key);
    }

    private static Func<string, bool> Besides(EngineOperation operation) => operation.Name switch
    {
        "ContainerCreate" => _ => true,
        "ContainerUpdate" => OfUpdates.Contains,
        "ContainerExec" or "ExecStart" => key => key is "privileged" or "user" or "binds",
        "ContainerStart" or "ContainerRestart" => key => key is "networks" or "binds" or "host-namespaces",
        "ImageBuild" or "ImageCommit" => OfBuilds.Contains,
        "VolumeCreate" => key => key is "labels",
        _ => operation.Object switch
        {
            ObjectKind.Image or ObjectKind.System or ObjectKind.Build => OfImages.Contains,
            ObjectKind.Network => key => key is "networks" or "labels" or "subnets" or "host-namespaces",
            ObjectKind.Container or ObjectKind.Exec or ObjectKind.Volume => _ => false,
            _ => OfImages.Contains,
        },
    };
}
