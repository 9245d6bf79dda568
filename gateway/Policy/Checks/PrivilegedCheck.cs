using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Privileged containers and execs are root on the host: grant <c>privileged</c> (I17).</summary>
internal static class PrivilegedCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("privileged", "privileged", ["HostConfig.Privileged"], (body, context) =>
        Check(body.HostConfig!.Privileged, "HostConfig.Privileged", context));

    public static Check<ExecCreateBody> OfExec { get; } = new("privileged", "privileged", ["Privileged"], (body, context) =>
        Check(body.Privileged, "Privileged", context));

    private static void Check(bool? privileged, string field, CheckContext context)
    {
        if (privileged == true && !context.Grants.Privileged)
        {
            context.NoGrant(field, "privileged", "true", ["false"]);
        }
    }
}
