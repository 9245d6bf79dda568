using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Volumes in a create: of the local driver without options, which could mount anything (I20, I26); an own one, or one that comes into
/// being with its owner before the container does (I42, I44); a sub-path that stays inside.
/// </summary>
internal static class VolumeMountCheck
{
    private const string Field = "HostConfig.Mounts";
    private const string Options = Field + ".VolumeOptions";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "volumes",
        null,
        [$"{Field}.Source", $"{Options}.Labels", $"{Options}.Subpath", $"{Options}.DriverConfig.Name", $"{Options}.DriverConfig.Options"],
        (body, context) => body.HostConfig!.Mounts = body.HostConfig.Mounts?.Select(mount => mount.Type == "volume" ? Checked(mount, context) : mount).ToList())
    { ForEveryone = true };

    private static Mount Checked(Mount mount, CheckContext context)
    {
        var options = mount.VolumeOptions ?? new VolumeOptions();
        if (!context.Unlimited)
        {
            if (options.DriverConfig?.Name is not (null or "" or "local"))
            {
                context.Never($"{Options}.DriverConfig.Name", options.DriverConfig!.Name, "a volume plugin runs as root");
            }

            if (options.DriverConfig?.Options is { Count: > 0 } of)
            {
                context.Never($"{Options}.DriverConfig.Options", of.Keys.First(), "the local driver's options mount anything of the host");
            }

            if (!IsInside(options.Subpath))
            {
                context.Malformed($"{Options}.Subpath", "a sub-path is relative and has no dot segments");
            }
            else if (!string.IsNullOrEmpty(options.Subpath) && (context.Request.Version ?? context.Facts.EngineVersion) < FolderVolume.FirstVersion)
            {
                context.Refuse($"{Options}.Subpath", $"an engine mounts the whole volume below API 1.{FolderVolume.FirstVersion}");
            }
        }

        if (mount.Source is { Length: > 0 } name)
        {
            Claim(name, context);
        }

        return mount with { VolumeOptions = options with { Labels = LabelCheck.Owned(options.Labels, $"{Options}.Labels", context) } };
    }

    /// <summary>Relative, clean, or not said.</summary>
    public static bool IsInside(string? path) =>
        string.IsNullOrEmpty(path) || (!path.Contains('\0', StringComparison.Ordinal) && !path.Split('/').Any(part => part is "" or "." or ".."));

    /// <summary>A volume of that name must be own, or come into being with its owner.</summary>
    private static void Claim(string name, CheckContext context)
    {
        if (!ObjectName.IsValid(name) || name.Length < 2)
        {
            context.Malformed($"{Field}.Source", $"\"{CheckContext.Shown(name)}\" is not a volume's name");
        }
        else if (FolderVolume.IsName(name) && !context.Unlimited)
        {
            context.Refuse($"{Field}.Source", $"volumes whose names begin with \"{FolderVolume.Prefix}\" are the gateway's own; bind the path itself");
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
            context.Refuse($"{Field}.Source", $"\"{name}\" reads like an id; choose another name");
        }
        else
        {
            context.VolumesToCreate.Add(name);
        }
    }
}
