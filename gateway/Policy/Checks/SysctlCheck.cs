using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Kernel settings (grant <c>sysctls</c>) by exact name, and never beside the host's namespace that they would then change (I27).</summary>
internal static class SysctlCheck
{
    private const string Field = "HostConfig.Sysctls";

    public static Check<ContainerCreateBody> OfCreate { get; } = new("sysctls", "sysctls", [Field, "HostConfig.NetworkMode", "HostConfig.IpcMode"], Check);

    private static void Check(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        foreach (var (name, value) in host.Sysctls ?? [])
        {
            if (!context.Grants.Sysctls.Contains(name))
            {
                context.NoGrant(Field, "sysctl", name, context.Grants.Sysctls);
            }
            else if (host.NetworkMode == "host" || host.IpcMode == "host")
            {
                context.Refuse(Field, $"sysctl \"{name}\" beside the host's network or ipc namespace would change the host's");
            }
            else if (value.Length > 256 || value.Any(char.IsControl))
            {
                context.Malformed(Field, $"the value of sysctl \"{name}\" is not one short line");
            }
        }
    }
}
