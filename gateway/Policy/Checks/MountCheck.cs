using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// Everything that puts files into a container: Binds are read as the engine does and become Mounts, so that one set of rules
/// sees them all; every volume gets its owner before it exists (threats §3.2, §4.3; I20–I26, I42).
/// </summary>
internal static class MountCheck
{
    public static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        List<Mount> mounts = [.. host.Mounts ?? []];

        // A role that is not limited keeps what only Binds can say: relabelling, propagation, sources made by the engine.
        List<string> kept = context.Unlimited ? [.. (host.Binds ?? []).Where(bind => bind.StartsWith('/'))] : [];
        mounts.AddRange((host.Binds ?? []).Except(kept).Select(bind => BindText.Parse(bind, context)).OfType<Mount>());
        host.Binds = kept.Count == 0 ? null : kept;
        foreach (var target in body.Volumes?.Keys.ToList() ?? [])
        {
            mounts.Add(new Mount { Type = "volume", Target = target });
        }

        body.Volumes = null;
        var taken = mounts.Select(m => m.Target).Concat(host.Tmpfs?.Keys ?? Enumerable.Empty<string>()).Concat(kept.Select(bind => bind.Split(':').ElementAtOrDefault(1))).ToHashSet(StringComparer.Ordinal);
        foreach (var target in ImageVolumes(body.Image, context).Where(t => taken.Add(t)))
        {
            mounts.Add(new Mount { Type = "volume", Target = target });
        }

        host.Mounts = mounts.Count == 0 ? null : [.. mounts.Select(mount => Checked(mount, context))];
        if (!context.Unlimited && host.Mounts?.Exists(mount => mount.Type == "bind" && mount.ReadOnly != true) == true && !context.Grants.Capabilities.Contains("MKNOD"))
        {
            // A device node made through a bind would act on the host (Rule B8).
            host.CapDrop = new TextOrList([.. host.CapDrop ?? new TextOrList([]), "MKNOD"]);
        }

        host.VolumesFrom = host.VolumesFrom?.Select(from => VolumesFrom(from, context)).ToList();
        CheckTmpfs(host, context);
    }

    private static IEnumerable<string> ImageVolumes(string? image, CheckContext context) =>
        image is not null && context.Find(ObjectKind.Image, image) is { } found
            ? Json.Members(Json.Member(Json.Member(found.Raw, "Config"), "Volumes")).Select(v => v.Name)
            : [];

    private static Mount Checked(Mount mount, CheckContext context)
    {
        if (!context.Unlimited)
        {
            CheckTarget(mount.Target, context);
            if (mount.ClusterOptions is not null)
            {
                context.Refuse("HostConfig.Mounts.ClusterOptions", "cluster volumes are never granted");
            }
        }

        switch (mount.Type)
        {
            case "bind":
                return BindCheck.Check(mount, context);
            case "volume":
                return Volume(mount, context);
            case "tmpfs":
                return Tmpfs(mount, context);
            default:
                if (!context.Unlimited)
                {
                    context.Refuse("HostConfig.Mounts.Type", $"mounts of type \"{mount.Type}\" are not granted; bind, volume and tmpfs are");
                }

                return mount;
        }
    }

    private static Mount Volume(Mount mount, CheckContext context)
    {
        var options = mount.VolumeOptions ?? new VolumeOptions();
        if (!context.Unlimited)
        {
            if (options.DriverConfig is { } driver && (driver.Name is not (null or "" or "local") || driver.Options is { Count: > 0 }))
            {
                context.Refuse("HostConfig.Mounts.VolumeOptions.DriverConfig", "only the local volume driver without options is granted");
            }

            if (options.Subpath is { Length: > 0 } path && (path.StartsWith('/') || path.Split('/').Any(part => part is "" or "." or "..")))
            {
                context.Refuse("HostConfig.Mounts.VolumeOptions.Subpath", "a sub-path is relative and has no dot segments");
            }

            if (mount.BindOptions is not null || mount.TmpfsOptions is not null || mount.ImageOptions is not null)
            {
                context.Malformed("HostConfig.Mounts", "a volume has no options of other mounts");
            }
        }

        if (mount.Source is { Length: > 0 } name)
        {
            Claim(name, context);
        }

        return mount with { VolumeOptions = options with { Labels = ProcessCheck.Owned(options.Labels, "HostConfig.Mounts.VolumeOptions.Labels", context) } };
    }

    /// <summary>A volume of that name must be own, or come into being with its owner.</summary>
    private static void Claim(string name, CheckContext context)
    {
        if (!ObjectName.IsValid(name) || name.Length < 2)
        {
            context.Malformed("HostConfig.Mounts.Source", $"\"{name}\" is not a volume's name");
        }
        else if (context.Find(ObjectKind.Volume, name) is { } volume)
        {
            if (!context.Owns(volume))
            {
                context.NotFound(ObjectKind.Volume, name);
            }
        }
        else if (ObjectName.LooksLikeId(name) && !context.Unlimited)
        {
            context.Refuse("HostConfig.Mounts.Source", $"\"{name}\" reads like an id; choose another name");
        }
        else
        {
            context.VolumesToCreate.Add(name);
        }
    }

    private static Mount Tmpfs(Mount mount, CheckContext context)
    {
        if (context.Unlimited)
        {
            return mount;
        }

        var options = mount.TmpfsOptions ?? new TmpfsOptions();
        if (options.Options is { Count: > 0 } || options.SizeBytes is < 0 || options.SizeBytes > context.Grants.Memory.Max || mount.Source is { Length: > 0 })
        {
            context.Refuse("HostConfig.Mounts.TmpfsOptions", "a tmpfs has no options but a size within the memory grant and a mode");
        }

        return mount with { TmpfsOptions = options with { SizeBytes = options.SizeBytes is null or 0 ? context.Grants.Memory.Default : options.SizeBytes } };
    }

    private static void CheckTmpfs(HostConfig host, CheckContext context)
    {
        if (context.Unlimited || host.Tmpfs is null)
        {
            return;
        }

        foreach (var (target, options) in host.Tmpfs.ToList())
        {
            CheckTarget(target, context);
            var words = options.Split(',', StringSplitOptions.RemoveEmptyEntries);
            if (words.Any(word => word is not ("rw" or "ro" or "noexec" or "nosuid" or "nodev")
                && !System.Text.RegularExpressions.Regex.IsMatch(word, @"\A(size=[0-9]{1,12}[kmg]?|mode=[0-7]{1,4}|uid=[0-9]{1,9}|gid=[0-9]{1,9})\z")))
            {
                context.Refuse("HostConfig.Tmpfs", $"tmpfs options \"{options}\" are not granted");
            }
            else if (!words.Any(word => word.StartsWith("size=", StringComparison.Ordinal)))
            {
                host.Tmpfs[target] = string.Join(',', [.. words, $"size={context.Grants.Memory.Default}"]);
            }
        }
    }

    private static string VolumesFrom(string text, CheckContext context)
    {
        var parts = text.Split(':');
        if (parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("ro" or "rw")))
        {
            context.Malformed("HostConfig.VolumesFrom", $"\"{text}\" is not CONTAINER or CONTAINER:ro");
            return text;
        }

        if (context.OwnId(ObjectKind.Container, parts[0]) is not { } id)
        {
            return text;
        }

        if (!context.Unlimited)
        {
            BindCheck.CheckExisting(context.Find(ObjectKind.Container, parts[0])!, readOnly: parts is [_, "ro"], "HostConfig.VolumesFrom", context);
        }

        return string.Join(':', [id, .. parts[1..]]);
    }

    private static void CheckTarget(string? target, CheckContext context)
    {
        var clean = target is { Length: > 1 } && target[0] == '/' && !target.Contains(':', StringComparison.Ordinal) && !target[1..].TrimEnd('/').Split('/').Any(part => part is "" or "." or "..");
        var first = clean ? target![1..].Split('/')[0] : "";
        if (!clean || first is "proc" or "sys" || (first == "dev" && target!.TrimEnd('/') != "/dev/shm"))
        {
            context.Refuse("HostConfig.Mounts.Target", $"\"{target}\" is not a place in a container where something may be mounted");
        }
    }
}
