using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A volume is the local driver's, without options: those mount any folder, device or share of the host; plugins run as root. No grant (I26).</summary>
internal static class VolumeDriverCheck
{
    public static Check<VolumeCreateBody> OfVolume { get; } = new("volume-driver", null, ["Driver", "DriverOpts", "ClusterVolumeSpec.*"], (body, context) =>
    {
        if (body.Driver is not (null or "" or "local"))
        {
            context.Never("Driver", body.Driver, "a volume plugin runs as root");
        }

        if (body.DriverOpts is { Count: > 0 } options)
        {
            context.Never("DriverOpts", options.Keys.First(), "the local driver's options mount anything of the host");
        }

        if (body.ClusterVolumeSpec is not null)
        {
            context.Never("ClusterVolumeSpec", null, "cluster volumes are a swarm's");
        }
    });
}
