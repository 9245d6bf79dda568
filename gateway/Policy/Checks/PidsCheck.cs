using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Processes (grant <c>pids</c>): filled in on create, where nothing, 0 and −1 all mean no limit; never over the most, never lifted (I32).</summary>
internal static class PidsCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("pids", "pids", ["HostConfig.PidsLimit"], (body, context) =>
    {
        var host = body.HostConfig!;
        host.PidsLimit = host.PidsLimit is null or 0 or -1 ? context.Grants.Pids.Default : host.PidsLimit;
        Check(host.PidsLimit, "HostConfig.PidsLimit", context);
    });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("pids", "pids", ["PidsLimit"], (body, context) =>
    {
        // Of memory and CPUs 0 means "as it was" to the engine, but of processes "no limit": clients send it for all of them.
        body.PidsLimit = body.PidsLimit == 0 ? null : body.PidsLimit;
        Check(body.PidsLimit, "PidsLimit", context);
    });

    private static void Check(long? limit, string field, CheckContext context)
    {
        if (limit is { } given && (given < 1 || given > context.Grants.Pids.Max))
        {
            context.NoGrant(field, "processes", $"{given}", [$"1 to {context.Grants.Pids.Max}"]);
        }
    }
}
