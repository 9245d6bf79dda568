namespace Gateway.EndToEnd.Attacks;

/// <summary>Roles that are each granted a little of what a developer is not, for one user of the same name.</summary>
internal static class NarrowRoles
{
    private static readonly (string Name, string Grants)[] All =
    [
        ("nora", "user: non-root"),
        ("caps", "capabilities: [NET_ADMIN, IPC_LOCK]"),
        ("devices", "devices: [/dev/fuse, {path: /dev/null, permissions: r}]"),
        ("options", "security-options: [label=disable, seccomp=unconfined]"),
        ("hostns", "host-namespaces: [uts, network]\n      sysctls: [net.ipv4.ip_forward, kernel.msgmax]"),
        ("runtimes", "runtimes: [io.containerd.runc.v2]"),
        ("publish", "publish: {addresses: [127.0.0.1, \"::1\"], ports: [20000-20010, 443]}"),
        ("sysctls", "sysctls: [net.ipv4.ip_unprivileged_port_start, net.core.somaxconn, kernel.msgmax]"),
        ("gpus", "gpus: 2\n      devices: [vendor.com/net=a, nvidia.com/gpu=0]"),
        ("labels", "labels: [\"traefik.*\"]"),
        ("limited", """
            memory: {default: 64m, max: 128m}
                  cpus: {default: "0.5", max: "1"}
                  pids: {default: 32, max: 64}
                  shm-size: 32m
                  ulimits: {nofile: 2048}
                  subnets: [10.128.0.0/16]
                  log-drivers: [{driver: fluentd, options: {fluentd-address: "127.0.0.1:24224"}}]
            """),
    ];

    public static IEnumerable<string> Users => All.Select(role => role.Name);

    public static string Policy => $"version: 1\nroles:\n{string.Concat(All.Select(role => $$"""
          narrow-{{role.Name}}:
            rules:
              - {id: own, allow: ["Container*", "Exec*", ImageList, ImageInspect, ImageBuild, ImageCommit, ImageTag, ImageDelete, "Volume*", "Network*", PutContainerArchive, "System*"]}
            grants:
              images: ["docker.io/library/*", "localhost/${user}/*"]
              networks: [bridge, none, own]
              {{role.Grants}}

        """))}users:\n{string.Concat(All.Select(role => $"  {role.Name}: {{roles: [narrow-{role.Name}]}}\n"))}";
}
