using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Offline.Support;

/// <summary>Policies out of few words, so that rules, selectors and grants of two of them often meet.</summary>
internal sealed class RandomPolicy(Random random)
{
    private static readonly string[] Operations =
    [
        "ContainerCreate", "ContainerStart", "ContainerStop", "ContainerInspect", "ContainerExec", "ContainerUpdate", "ContainerDelete", "ContainerList", "ExecStart", "VolumeCreate",
        "VolumeDelete", "NetworkCreate", "NetworkConnect", "NetworkInspect", "ImageTag", "ImageCreate", "ImageInspect", "ImageBuild", "ImageDelete", "SystemVersion", "SystemInfo", "SystemAuth",
        "Container*", "Image*", "*",
    ];

    private static readonly string[] Selectors = ["own", "own", "all", "{label: {team: a}}", "{label: {team: a, tier: web}}", "{label: {team: b}}", "{name: \"web*\"}", "{name: \"web-*\"}", "{name: \"db\"}", "{image: \"nginx\"}", "{image: \"docker.io/library/*\"}"];
    private static readonly string[] Images = ["busybox", "docker.io/library/*", "nginx", "\"nginx:1.*\"", "\"docker.io/${user}/*\"", "\"localhost/${user}/*\"", "\"*\"", "quay.io/base/app", "\"localhost/${group}/*\""];

    /// <summary>One file, and the policy that it is.</summary>
    public (string Text, AccessPolicy Policy) Next()
    {
        var roles = Enumerable.Range(0, 2).Select(i => $"  r{i}:\n{Role()}");
        var users = new[] { "alice", "bob" }.Select(user => $"  {user}: {{roles: [{Some(["r0", "r1"], 0.6)}]}}");
        return Load($"version: 1\nroles:\n{string.Join('\n', roles)}\nusers:\n{string.Join('\n', users)}\ngroups:\n  ops: {{roles: [{Some(["r0", "r1"], 0.4)}], organization: ops}}\n  team: {{roles: [{Some(["r0", "r1"], 0.3)}], members: [{Some(["alice", "bob"], 0.5)}]}}\n");
    }

    /// <summary>The same with one line changed, left out or said twice: most changes of real policies are small.</summary>
    public (string Text, AccessPolicy Policy) Near(string text)
    {
        var other = Next().Text;
        if (random.Next(4) == 0)
        {
            return Load(other);
        }

        var (lines, others) = (text.Split('\n'), other.Split('\n'));
        var candidates = Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("      ", StringComparison.Ordinal)).ToList();
        for (var n = random.Next(1, 3); n > 0 && candidates.Count > 0; n--)
        {
            var i = candidates[random.Next(candidates.Count)];
            var key = lines[i].TrimStart(' ', '-').Split(':')[0];
            var same = others.Where(line => line.TrimStart(' ', '-').Split(':')[0] == key && line.Length - line.TrimStart().Length == lines[i].Length - lines[i].TrimStart().Length).ToList();
            lines[i] = key == "{id" ? lines[i].Split(',')[0] + Behind(same.Count == 0 ? lines[i] : same[random.Next(same.Count)])
                : same.Count == 0 || random.Next(3) == 0 ? ""
                : same[random.Next(same.Count)];
        }

        return Load(string.Join('\n', lines));
    }

    // A rule keeps its id.
    private static string Behind(string rule) => rule[rule.IndexOf(',', StringComparison.Ordinal)..];

    private static (string Text, AccessPolicy Policy) Load(string text)
    {
        using var dir = new PolicyDirectory();
        dir.Write("a.yaml", text);
        var loaded = dir.Load();
        Assert.True(loaded.Errors.Count == 0, string.Join('\n', loaded.Errors) + "\n" + text);
        return (text, loaded.Policy!);
    }

    private string Role()
    {
        var rules = Enumerable.Range(0, random.Next(1, 4)).Select(i => $"      - {{id: x{i}, {(random.Next(6) == 0 ? "deny" : "allow")}: [{string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"\"{Pick(Operations)}\"").Distinct())}], on: {Pick(Selectors)}}}");
        return $"    rules:\n{string.Join('\n', rules)}\n    grants:\n      images: [{Some(Images, 0.3)}]\n{Grants()}";
    }

    private string Grants()
    {
        var lines = new List<string>();
        void Maybe(string line)
        {
            if (random.Next(3) == 0) lines.Add("      " + line);
        }

        Maybe($"own-images: [{Some(Images[4..6], 0.5)}]");
        Maybe($"networks: [{Some(["bridge", "none", "own", "shared"], 0.5)}]");
        Maybe($"binds: [{Some(["{source: /srv/a, access: ro}", "{source: /srv/a, access: rw, setuid: accepted}", "{source: \"/srv/${user}\", access: ro}", "{source: \"/srv/${group}\", access: ro}"], 0.5)}]");
        Maybe($"publish: {{addresses: [{Some(["127.0.0.1", "0.0.0.0"], 0.6)}], ports: [{Some(["8000-8100", "8050", "80", "8101-8200"], 0.5)}]}}");
        Maybe($"capabilities: [{Some(["NET_ADMIN", "SYS_PTRACE", "NET_BIND_SERVICE"], 0.5)}]");
        Maybe($"devices: [{Some(["/dev/fuse", "{path: /dev/fuse, permissions: r}", "/dev/kvm"], 0.5)}]");
        Maybe($"gpus: {Pick(["0", "1", "all"])}");
        Maybe($"sysctls: [{Some(["net.core.somaxconn", "kernel.msgmax"], 0.5)}]");
        Maybe($"security-options: [{Some(["label=disable", "seccomp=unconfined"], 0.5)}]");
        Maybe($"host-namespaces: [{Some(["network", "pid", "ipc", "uts"], 0.4)}]");
        Maybe($"privileged: {Pick(["true", "false"])}");
        Maybe($"user: {Pick(["any", "non-root"])}");
        Maybe($"memory: {{default: {Pick(["256m", "512m"])}, max: {Pick(["512m", "2g", "4g"])}}}");
        Maybe($"cpus: {{default: \"1\", max: \"{Pick(["1", "2", "4"])}\"}}");
        Maybe($"pids: {{default: 64, max: {Pick(["64", "1024", "4096"])}}}");
        Maybe($"shm-size: {Pick(["64m", "512m", "2g"])}");
        Maybe($"ulimits: {{nofile: {Pick(["1024", "2097152", "unlimited"])}}}");
        Maybe($"log-drivers: [{Some(["journald", "{driver: gelf, options: {gelf-address: \"udp://127.0.0.1:12201\"}}", "{driver: gelf, options: {gelf-address: \"udp://127.0.0.1:12202\"}}"], 0.4)}]");
        Maybe($"registries: [{Some(["docker.io", "quay.io"], 0.5)}]");
        Maybe($"labels: [{Some(["traefik.enable", "\"traefik.*\"", "\"backup.*\""], 0.4)}]");
        Maybe($"subnets: [{Some(["10.9.0.0/16", "10.9.1.0/24"], 0.5)}]");
        Maybe($"runtimes: [{Some(["runsc", "kata"], 0.5)}]");
        return string.Join('\n', lines);
    }

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string Some(string[] from, double share) => string.Join(", ", from.Where(_ => random.NextDouble() < share));
}
