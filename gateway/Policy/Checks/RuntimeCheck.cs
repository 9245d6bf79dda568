using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// Another runtime runs as root on the host: the engine's own, or one that the grant <c>runtimes</c> names exactly. What a container's inspect
/// says of itself, <c>runc</c>, asks for the engine's own. Annotations, which some runtimes obey, and Windows's isolation: no grant (I27).
/// </summary>
internal static class RuntimeCheck
{
    /// <summary>moby <c>daemon/config/config_linux.go</c>: the engine's own runtime unless it was given another, which may confine more.</summary>
    private const string Stock = "runc";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "runtimes", "runtimes", ["HostConfig.Runtime", "HostConfig.Annotations", "HostConfig.Isolation"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        if (host.Runtime == Stock && !context.Grants.Runtimes.Contains(Stock))
        {
            host.Runtime = "";
        }
        else if (host.Runtime is { Length: > 0 } runtime && !context.Grants.Runtimes.Contains(runtime))
        {
            context.NoGrant("HostConfig.Runtime", "naming a runtime (leave it out for the engine's own):", runtime, context.Grants.Runtimes);
        }

        if (host.Annotations is { Count: > 0 } annotations)
        {
            context.Never("HostConfig.Annotations", annotations.Keys.First(), "runtimes obey annotations");
        }

        if (host.Isolation is not (null or "" or "default"))
        {
            context.Never("HostConfig.Isolation", host.Isolation, "it is of Windows");
        }
    }
}
