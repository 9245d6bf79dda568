using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// What every mount keeps to: a type of exact spelling, a place that is free and no other mount's, and no options of another type,
/// which old engines drop instead of refusing. Cluster volumes: no grant (threats §3.2).
/// </summary>
internal static class MountCheck
{
    private const string Field = "HostConfig.Mounts";

    // The engine makes a volume for each that has no source, and is busy with nothing else meanwhile.
    private const int Most = 256;

    public static Check<ContainerCreateBody> OfCreate { get; } = new("mounts", null, [$"{Field}.Type", $"{Field}.Target", $"{Field}.ClusterOptions", "HostConfig.Tmpfs"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        if ((body.HostConfig!.Mounts?.Count ?? 0) + (body.HostConfig.Tmpfs?.Count ?? 0) > Most)
        {
            context.Malformed(Field, $"more than {Most} mounts");
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var mount in body.HostConfig.Mounts ?? [])
        {
            MountTarget.Check(mount.Target, $"{Field}.Target", context);
            Once(mount.Target, $"{Field}.Target", taken, context);
            CheckOptions(mount, context);
        }

        foreach (var target in body.HostConfig.Tmpfs?.Keys ?? Enumerable.Empty<string>())
        {
            MountTarget.Check(target, "HostConfig.Tmpfs", context);
            Once(target, "HostConfig.Tmpfs", taken, context);
        }
    }

    private static void Once(string? target, string field, HashSet<string> taken, CheckContext context)
    {
        if (MountTarget.Clean(target) is { } clean && !taken.Add(clean))
        {
            context.Malformed(field, $"two mounts at \"{clean}\"");
        }
    }

    private static void CheckOptions(Mount mount, CheckContext context)
    {
        if (mount.ClusterOptions is not null)
        {
            context.Never($"{Field}.ClusterOptions", null, "cluster volumes are a swarm's");
        }

        (string Type, object? Options)[] all = [("bind", mount.BindOptions), ("volume", mount.VolumeOptions), ("tmpfs", mount.TmpfsOptions), ("image", mount.ImageOptions)];
        if (!all.Any(known => known.Type == mount.Type))
        {
            context.Never($"{Field}.Type", mount.Type, "mounts are of type bind, volume, tmpfs or image");
        }
        else if (all.FirstOrDefault(known => known.Type != mount.Type && known.Options is not null) is { Type: { } other })
        {
            context.Malformed(Field, $"a mount of type {mount.Type} has options of type {other}");
        }
    }
}
