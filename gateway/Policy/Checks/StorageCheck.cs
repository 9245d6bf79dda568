using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Options of the storage driver and volume plugins: each reaches the host. No grant (I26). The file that a client writes the new id
/// into (<c>docker run --cidfile</c>) is the client's alone, and not forwarded.
/// </summary>
internal static class StorageCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "storage", null, ["HostConfig.StorageOpt", "HostConfig.ContainerIDFile", "HostConfig.VolumeDriver"], (body, context) =>
        {
            var host = body.HostConfig!;
            host.ContainerIDFile = null;
            if (host.StorageOpt is { Count: > 0 } options)
            {
                context.Never("HostConfig.StorageOpt", options.Keys.First(), "the storage driver's options reach the host's disk");
            }

            if (host.VolumeDriver is not (null or "" or "local"))
            {
                context.Never("HostConfig.VolumeDriver", host.VolumeDriver, "a volume plugin runs as root");
            }
        });
}
