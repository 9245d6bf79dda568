using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Options of the storage driver, files that a client would write, and volume plugins: each reaches the host. No grant (I26).</summary>
internal static class StorageCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "storage", null, ["HostConfig.StorageOpt", "HostConfig.ContainerIDFile", "HostConfig.VolumeDriver"], (body, context) =>
        {
            var host = body.HostConfig!;
            if (host.StorageOpt is { Count: > 0 } options)
            {
                context.Never("HostConfig.StorageOpt", options.Keys.First(), "the storage driver's options reach the host's disk");
            }

            if (host.ContainerIDFile is { Length: > 0 } file)
            {
                context.Never("HostConfig.ContainerIDFile", file, "it is the client's own file");
            }

            if (host.VolumeDriver is not (null or "" or "local"))
            {
                context.Never("HostConfig.VolumeDriver", host.VolumeDriver, "a volume plugin runs as root");
            }
        });
}
