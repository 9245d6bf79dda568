using Gateway.EndToEnd.Support;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>The roles that cases are tried in: all that are shipped and not root-equivalent, and some with wide grants.</summary>
internal static class FuzzRoles
{
    /// <summary>The policy file of the users and of the roles that are not shipped.</summary>
    public const string File = "fuzz.yaml";

    private static readonly string[] Shipped = ["developer", "operator", "read-only", "monitoring", "ci-builder", "reverse-proxy"];

    /// <summary>Whose turn it is, round by round: more often theirs who may do more.</summary>
    private static readonly string[] Turns = ["developer", "wide", "strict", "operator", "wide", "ci-builder", "select", "developer", "read-only", "strict", "wide", "reverse-proxy", "developer", "strict", "monitoring", "select"];

    /// <summary>Each grants much of what a developer is not; nothing of it is the host.</summary>
    private static string Wide => $$"""
        version: 1
        roles:
          wide:
            rules:
              - {id: own, allow: ["*"]}
            grants:
              images: ["docker.io/library/*", "localhost/${user}/*"]
              networks: [bridge, none, own, {{FuzzWorld.SharedNetwork}}]
              publish: {addresses: [127.0.0.1, "::1"], ports: [20000-20010, "443"]}
              capabilities: [NET_ADMIN, IPC_LOCK]
              devices: [/dev/fuse, {path: /dev/null, permissions: r}]
              sysctls: [net.ipv4.ip_unprivileged_port_start, kernel.msgmax]
              security-options: [label=disable]
              host-namespaces: [uts]
              runtimes: [io.containerd.runc.v2]
              labels: ["traefik.*"]
              memory: {default: 64m, max: 128m}
              cpus: {default: "0.5", max: "1"}
              pids: {default: 32, max: 64}
              shm-size: 32m
              ulimits: {nofile: "2048", memlock: "1048576"}
              subnets: [10.128.0.0/16]
              log-drivers: [{driver: fluentd, options: {fluentd-address: "127.0.0.1:24224"} }]
              binds:
                - {source: {{FuzzFolder.Plain}}, access: ro}
                - {source: "{{FuzzFolder.Root}}/inside/${user}", access: rw, inside: "true", setuid: accepted}
                - {source: {{FuzzFolder.Shared}}, access: ro, inside: "true"}
          strict:
            rules:
              - {id: own, allow: ["Container*", PutContainerArchive, "Exec*", ImageList, ImageInspect, ImageCommit, ImageTag, "Volume*", "Network*", "System*"]}
            grants:
              user: non-root
              images: ["docker.io/library/*", "localhost/${user}/*"]
              networks: [none, own, {{FuzzWorld.SharedNetwork}}]
              publish: {addresses: [127.0.0.1], ports: 20000-20999}
              devices: [/dev/null]
              capabilities: [NET_BIND_SERVICE]
              binds:
                - {source: "{{FuzzFolder.Root}}/inside/${user}", access: rw, inside: "true"}
                - {source: {{FuzzFolder.Plain}}, access: ro}
          select:
            rules:
              - {id: own, allow: ["Container*", "Exec*", "Volume*", "Network*", "System*", ImageList, ImageInspect]}
              - {id: team, allow: [ContainerList, ContainerInspect, ContainerLogs, ContainerStart, ContainerStop, ContainerKill, ContainerTop, ContainerExec, ExecStart, ExecInspect], on: {label: {team: fz} } }
            grants:
              images: ["docker.io/library/*"]
              networks: [bridge, none, own]

        """;

    /// <summary>All of them, from the files that the gateway gets, which this writes.</summary>
    /// <param name="only">The name of the one role that is to be tried; null for all.</param>
    public static async Task<IReadOnlyList<FuzzRole>> WriteAsync(GatewayHost host, string? only)
    {
        List<FuzzRole> roles = [];
        foreach (var name in Shipped)
        {
            // How fast a user may ask is no part of what is tried.
            var yaml = string.Join('\n', (await System.IO.File.ReadAllLinesAsync(host.ShippedPolicy(name))).Where(line => !line.StartsWith("    rate:", StringComparison.Ordinal)));
            roles.AddRange(FuzzRole.In(yaml));
            await host.WritePolicyAsync(name + ".yaml", yaml);
        }

        roles.AddRange(FuzzRole.In(Wide));
        var users = string.Concat(roles.SelectMany(role => role.Users.Select(user => $"  {user}: {{roles: [{role.Name}]}}\n")));
        await host.WritePolicyAsync(File, $"{Wide}users:\n{users}");
        var named = roles.ToDictionary(role => role.Name);
        return only is null ? [.. Turns.Select(name => named[name])] : [named.GetValueOrDefault(only) ?? throw new InvalidOperationException($"FUZZ_ROLE: there is no role \"{only}\"")];
    }
}
