using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Who dies first when the host runs out of memory: a container may offer itself, never spare itself. No grant.</summary>
internal static class OomCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("oom", null, ["HostConfig.OomScoreAdj", "HostConfig.OomKillDisable"], (body, context) =>
    {
        if (body.HostConfig!.OomScoreAdj is < 0 or > 1000)
        {
            context.Never("HostConfig.OomScoreAdj", $"{body.HostConfig.OomScoreAdj}", "the score goes from 0 to 1000, so that others do not die first");
        }

        CheckKill(body.HostConfig, "HostConfig.", context);
    });

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new("oom", null, ["OomKillDisable"], (body, context) => CheckKill(body, "", context));

    private static void CheckKill(ContainerResources resources, string prefix, CheckContext context)
    {
        if (resources.OomKillDisable == true)
        {
            context.Never(prefix + "OomKillDisable", "true", "others would die first");
        }
    }
}
