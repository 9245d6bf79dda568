using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Restart policies: those that the engine has, retried at most 100 times. Free: a container goes on without a request, but with no more than it has.</summary>
internal static class RestartCheck
{
    private static readonly string[] Names = ["", "no", "on-failure", "always", "unless-stopped"];

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "restart", null, ["HostConfig.RestartPolicy.Name", "HostConfig.RestartPolicy.MaximumRetryCount"], (body, context) =>
            Check(body.HostConfig!.RestartPolicy, "HostConfig.RestartPolicy", context));

    public static Check<ContainerUpdateBody> OfUpdate { get; } = new(
        "restart", null, ["RestartPolicy.Name", "RestartPolicy.MaximumRetryCount"], (body, context) => Check(body.RestartPolicy, "RestartPolicy", context));

    private static void Check(RestartPolicy? policy, string field, CheckContext context)
    {
        if (policy is not null && !Names.Contains(policy.Name ?? ""))
        {
            context.Malformed($"{field}.Name", $"\"{CheckContext.Shown(policy.Name!)}\" is not a restart policy");
        }

        if (policy?.MaximumRetryCount is < 0 or > 100)
        {
            context.Refuse($"{field}.MaximumRetryCount", "a container is restarted at most 100 times");
        }
    }
}
