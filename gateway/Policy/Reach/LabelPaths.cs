using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Reach;

/// <summary>What obeys the labels that a role may set: a daemon on the host that reads every container's labels acts on them with its own rights.</summary>
internal static class LabelPaths
{
    private static readonly (string Label, Extent Extent, string How, string Needs)[] Known =
    [
        ("ofelia.job-run.x.volume", Extent.Root, "Ofelia's job-run makes a container as the label says, with any image and host folder, by the engine's socket; job-local runs a command beside it.", "Ofelia, or another scheduler of these labels, runs on this host"),
        ("caddy.root", Extent.Host, "Caddy takes its whole configuration from labels: it serves any file that its container sees, and answers for any name.", "caddy-docker-proxy runs on this host"),
        ("traefik.enable", Extent.Others, "Traefik routes any host name to this container: it takes over what others serve, their cookies and passwords included.", "Traefik runs on this host"),
        ("com.datadoghq.ad.checks", Extent.Host, "The agent runs the checks that the label names, with its own rights and against any address.", "a Datadog agent runs on this host"),
        ("co.elastic.logs/raw", Extent.Host, "The agent reads the files that the label names, host paths among them.", "an Elastic agent with hints runs on this host"),
        ("docker-volume-backup.archive-pre", Extent.Others, "The backup runs commands at its own times and stops containers.", "docker-volume-backup runs on this host"),
        ("com.centurylinklabs.watchtower.enable", Extent.Others, "Watchtower pulls, stops and makes containers anew as labels say.", "Watchtower runs on this host"),
        ("io.kubernetes.pod.name", Extent.Others, "Collectors take the container for the pod that the label names: its metrics and logs are another's.", "a collector that reads the kubelet's labels"),
        ("com.docker.stack.namespace", Extent.Others, "docker stack takes the container's service for its own and changes or removes it.", "stacks are deployed to this engine"),
        ("io.portainer.accesscontrol.public", Extent.Others, "Portainer shows and gives the object to whom the label names.", "Portainer runs on this host"),
        ("diun.enable", Extent.Others, "Diun asks the registries that the label leads to.", "Diun runs on this host"),
        ("wud.watch", Extent.Others, "What's up Docker updates containers as labels say.", "What's up Docker runs on this host"),
        ("autoheal", Extent.Others, "Autoheal restarts what the label marks.", "Autoheal runs on this host"),
    ];

    public static void Add(RoleReach role)
    {
        if (!role.Creates && !role.Has("ImageBuild") && !role.Has("ImageCommit"))
        {
            return;
        }

        foreach (var label in role.Grants.Labels.Distinct(StringComparer.Ordinal))
        {
            var known = Known.Where(k => LabelPrefix.Covers(label, k.Label) || Family(label) == Family(k.Label)).OrderByDescending(k => k.Extent).ToList();
            var (_, extent, how, needs) = known.Count > 0 ? known[0] : (label, Extent.Others, "Whatever on the host obeys this label acts for the container's maker with its own rights.", "something on this host that obeys it");
            role.Add(
                "label-obeyed", extent, $"grants.labels {label}", role.AtGrant("labels", label), $"sets labels {label}, which a service of the host obeys",
                $"docker run --label {label.TrimEnd('*').TrimEnd('.')}… : {how}", $"take {label} out of labels unless the service holds it to the user's own", needs, extent == Extent.Others ? Weight.Note : Weight.Warning);
        }
    }

    // The service that reads a label: traefik.http.* and traefik.enable are one's, com.datadoghq.tags and com.datadoghq.ad.* too.
    private static string Family(string label) =>
        label.Split('.', '/', '-', '*') is [var first, var second, ..] && first.Length <= 3 ? $"{first}.{second}" : label.Split('.', '/', '-', '*')[0];
}
