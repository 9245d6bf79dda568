using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>Process, IPC, UTS, user and cgroup namespaces: the host's under their grant, another container's only if it is own (I19).</summary>
internal static class NamespaceCheck
{
    public static void Check(HostConfig host, CheckContext context)
    {
        host.PidMode = Mode(host.PidMode, "HostConfig.PidMode", "pid", [], context);
        host.IpcMode = Mode(host.IpcMode, "HostConfig.IpcMode", "ipc", ["private", "shareable", "none"], context);
        host.UTSMode = Mode(host.UTSMode, "HostConfig.UTSMode", "uts", [], context);
        host.UsernsMode = Mode(host.UsernsMode, "HostConfig.UsernsMode", "user", [], context);
        host.CgroupnsMode = Mode(host.CgroupnsMode, "HostConfig.CgroupnsMode", "cgroup", ["private"], context);
        if (!context.Unlimited && !string.IsNullOrEmpty(host.Cgroup))
        {
            context.Refuse("HostConfig.Cgroup", "joining another cgroup is never granted");
        }
    }

    private static string? Mode(string? mode, string field, string grant, string[] harmless, CheckContext context)
    {
        if (string.IsNullOrEmpty(mode) || harmless.Contains(mode))
        {
            return mode;
        }

        if (mode == "host")
        {
            if (!context.Unlimited && !context.Grants.HostNamespaces.Contains(grant))
            {
                context.Refuse(field, $"no grant for the host's {grant} namespace");
            }

            return mode;
        }

        if (mode.StartsWith("container:", StringComparison.Ordinal) && grant is "pid" or "ipc")
        {
            return context.OwnId(ObjectKind.Container, mode[10..]) is { } id ? "container:" + id : mode;
        }

        context.Malformed(field, $"\"{mode}\" is not a mode that the engine has");
        return mode;
    }
}
