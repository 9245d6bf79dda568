using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// Process, IPC, UTS, user and cgroup namespaces: the host's under the grant <c>host-namespaces</c>, another container's only if
/// it is own and does not stand in the host's itself (I19). Exact spellings: an old engine takes <c>Host</c> for host. What is not
/// said is the container's own, but for cgroups, where engines take the host's for old API versions, or as their setting says.
/// </summary>
internal static class NamespaceCheck
{
    private const string Private = "private";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "host-namespaces",
        "host-namespaces",
        ["HostConfig.PidMode", "HostConfig.IpcMode", "HostConfig.UTSMode", "HostConfig.UsernsMode", "HostConfig.CgroupnsMode"],
        (body, context) =>
        {
            var host = body.HostConfig!;
            host.PidMode = Mode(host.PidMode, "PidMode", "pid", [], context);
            host.IpcMode = Mode(host.IpcMode, "IpcMode", "ipc", [Private, "shareable", "none"], context);
            host.UTSMode = Mode(host.UTSMode, "UTSMode", "uts", [], context);
            host.UsernsMode = Mode(host.UsernsMode, "UsernsMode", "user", [], context);
            host.CgroupnsMode = Mode(host.CgroupnsMode, "CgroupnsMode", "cgroup", [Private], context);
            if (string.IsNullOrEmpty(host.CgroupnsMode) && !context.Unlimited && !context.Grants.HostNamespaces.Contains("cgroup"))
            {
                host.CgroupnsMode = Private;
            }
        })
    { ForEveryone = true };

    /// <summary><c>container:ID</c> for an own container whose namespace the role may itself have.</summary>
    /// <param name="member">HostConfig's field, <c>PidMode</c>.</param>
    /// <param name="grant">The namespace's word in <c>host-namespaces</c>.</param>
    public static string Join(string mode, string member, string grant, string field, CheckContext context)
    {
        var name = mode["container:".Length..];
        if (context.OwnId(ObjectKind.Container, name) is not { } id)
        {
            return mode;
        }

        var joined = Json.String(Json.Member(context.Find(ObjectKind.Container, name)!.Raw, "HostConfig"), member) ?? "";
        if (!context.Unlimited && (joined == "host" || joined.StartsWith("container:", StringComparison.Ordinal)) && !context.Grants.HostNamespaces.Contains(grant))
        {
            context.NoGrant(field, $"the host's {grant} namespace through", mode, context.Grants.HostNamespaces);
        }

        return "container:" + id;
    }

    private static string? Mode(string? mode, string member, string grant, string[] harmless, CheckContext context)
    {
        var field = "HostConfig." + member;
        if (string.IsNullOrEmpty(mode) || harmless.Contains(mode))
        {
            return mode;
        }

        if (mode == "host")
        {
            if (!context.Unlimited && !context.Grants.HostNamespaces.Contains(grant))
            {
                context.NoGrant(field, $"the host's {grant} namespace:", mode, context.Grants.HostNamespaces);
            }

            return mode;
        }

        if (mode.StartsWith("container:", StringComparison.Ordinal) && grant is "pid" or "ipc")
        {
            return Join(mode, member, grant, field, context);
        }

        context.Malformed(field, $"\"{CheckContext.Shown(mode)}\" is not a mode that the engine has");
        return mode;
    }
}
