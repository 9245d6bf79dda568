using Gateway.Policy.Reach;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Reach;

/// <summary>Folders of ten roles each, some of which reach root, the host or others without looking like it: each is named where it stands, and nothing else is.</summary>
public sealed class HiddenWaysTests : IDisposable
{
    // Stands in the tables as RUN.
    private const string Run = "rules: [{id: run, allow: [\"Container*\"]}]";

    private static readonly Dictionary<string, (string Role, string Expected)[]> Folders = new()
    {
        ["operations and names"] =
        [
            ("admin", """{root-equivalent: true, rules: [{id: all, allow: ["*"], on: all}]}"""),
            ("agent", """{RUN, grants: {images: ["docker.io/library/*"], binds: [{source: /srv/engine/docker.sock, access: ro}]}} # root bind-engine-socket"""),
            ("fuse", """{RUN, grants: {images: ["docker.io/library/*"], capabilities: [SYS_ADMIN], security-options: [apparmor=unconfined]}} # root capability, host security-option"""),
            ("web", """{rules: [{id: run, allow: [ContainerCreate, ContainerStart], on: {name: "web-*"}}], grants: {images: ["docker.io/library/*"]}} # root create-with-others"""),
            ("collect", """{rules: [{id: copy, allow: [ContainerList, ContainerArchive], on: all}]} # root read-others"""),
            ("keeper", """{rules: [{id: im, allow: [ImageBuild, ImageTag]}], grants: {own-images: ["docker.io/library/*"]}} # root image-poisoning"""),
            ("attach", """{rules: [{id: look, allow: [ContainerAttach], on: {label: {attachable: "true"}}}]} # root exec-others, others label-selector"""),
            ("put", """{rules: [{id: put, allow: [PutContainerArchive], on: {image: "nginx*"}}]} # root exec-others"""),
            ("commit", """{rules: [{id: commit, allow: [ImageCommit], on: all}]} # others read-others"""),
            ("harmless", """{RUN, grants: {images: ["docker.io/library/*"], networks: [own]}}"""),
        ],
        ["folders"] =
        [
            ("deploy", """{root-equivalent: true, RUN, grants: {privileged: true, binds: [{source: /srv/scripts, access: ro}]}}"""),
            ("scripts", """{RUN, grants: {user: non-root, binds: [{source: /srv/scripts, access: rw}]}} # host bind-used-by-root"""),
            ("reader", """{RUN, grants: {binds: [{source: /srv/data, access: ro}]}} # others bind-above-others"""),
            ("own", """{RUN, grants: {user: non-root, binds: [{source: "/srv/data/${user}", access: rw}]}}"""),
            ("byname", """{RUN, grants: {user: non-root, binds: [{source: "/srv/${user}", access: rw}]}} # host bind-used-by-root, others bind-by-name"""),
            ("homes", """{RUN, grants: {user: non-root, binds: [{source: /home, access: rw}]}} # root bind-homes"""),
            ("backup", """{RUN, grants: {binds: [{source: /var/backups, access: ro}]}} # root bind-secrets"""),
            ("swap", """{RUN, grants: {binds: [{source: /swapfile, access: ro}]}} # root bind-secrets"""),
            ("logs", """{RUN, grants: {user: non-root, binds: [{source: /var/log/app, access: rw}]}} # root bind-run-by-root"""),
            ("temp", """{RUN, grants: {binds: [{source: /tmp, access: ro}]}} # others bind-temporary"""),
            ("team", """{RUN, grants: {user: non-root, binds: [{source: "/srv/team/${group}", access: rw}]}} # root bind-socket"""),
        ],
        ["kernel, services and networks"] =
        [
            ("pid", """{RUN, grants: {user: non-root, host-namespaces: [pid]}} # root host-namespace"""),
            ("trace", """{RUN, grants: {capabilities: [SYS_PTRACE], host-namespaces: [pid]}} # root host-namespace, root capability"""),
            ("masks", """{RUN, grants: {security-options: [systempaths=unconfined], sysctls: [net.ipv4.ip_forward]}} # root security-option"""),
            ("enter", """{rules: [{id: run, allow: [ContainerExec, ExecStart]}], grants: {privileged: true}} # root privileged"""),
            ("runtime", """{RUN, grants: {runtimes: [nvidia]}} # root runtime"""),
            ("jobs", """{RUN, grants: {labels: ["ofelia.*"]}} # root label-obeyed"""),
            ("cdi", """{RUN, grants: {devices: ["acme.com/disk=all"]}} # host device"""),
            ("plugin-log", """{RUN, grants: {log-drivers: [acme/logger, {driver: fluentd, options: {fluentd-address: "unix:///run/fluentd.sock"}}]}} # host log-driver"""),
            ("routes", """{rules: [{id: n, allow: ["Network*"]}], grants: {networks: [own], subnets: [8.8.8.0/24]}} # host subnet"""),
            ("ports", """{RUN, grants: {publish: {addresses: [0.0.0.0], ports: 1-65535}}} # host published-ports"""),
            ("hub", """{rules: [{id: im, allow: [ImageBuild]}], grants: {images: ["docker.io/${user}/*", "docker.io/bitnami/*"]}} # others image-poisoning"""),
        ],
    };

    private readonly PolicyDirectory folder = new();

    public static TheoryData<string> Names => [.. Folders.Keys];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void NamesEachWayWhereItStandsAndNothingElse(string name)
    {
        var roles = Folders[name].Select(role => (role.Role, Expected: role.Expected.Replace("RUN", Run, StringComparison.Ordinal))).ToList();
        var users = roles.Select(role => $"  {(role.Role switch { "byname" => "scripts", "hub" => "bitnami", var r => "u-" + r })}: {{roles: [{role.Role}]}}");
        var text = $"version: 1\nroles:\n{string.Join('\n', roles.Select(role => $"  {role.Role}: {role.Expected}"))}\nusers:\n{string.Join('\n', users)}\ngroups:\n  ops: {{roles: [], members: [u-team]}}\n";
        folder.Write("p.yaml", text);
        var loaded = folder.Load();
        Assert.Empty(loaded.Errors);

        var report = PolicyAudit.Run(folder.Root, loaded.Policy!, Host, null, []);

        Assert.Equal(
            roles.SelectMany(role => role.Expected.Split(" # ") is [_, var ways] ? ways.Split(", ").Select(way => $"{role.Role}: {way}") : []).Order(StringComparer.Ordinal),
            report.Findings.Where(f => f.Weight > Weight.Note).Select(f => $"{f.Role}: {Word(f.Extent)} {f.Kind}").Distinct().Order(StringComparer.Ordinal));
        var lines = text.Split('\n');
        Assert.All(report.Findings.Where(f => f.Weight > Weight.Note), f => Assert.StartsWith($"  {f.Role}: ", lines[f.At!.Value.Line - 1], StringComparison.Ordinal));
        Assert.All(report.Findings.Where(f => f.Weight > Weight.Note), f => Assert.True(f.How.Length > 20 && f.Fix.Length > 10, f.Kind));
        Assert.Equal(
            roles.Where(role => role.Expected.Contains(" root ", StringComparison.Ordinal) || role.Expected.Contains("root-equivalent", StringComparison.Ordinal)).Select(role => role.Role).Order(StringComparer.Ordinal),
            report.Roles.Where(role => role.ReachesRoot).Select(role => role.Role.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void SaysThatACapabilityHasNoProfileLeftInItsWay()
    {
        folder.Write("p.yaml", $"version: 1\nroles:\n  a: {{{Run}, grants: {{capabilities: [SYS_ADMIN]}}}}\n  b: {{{Run}, grants: {{capabilities: [SYS_ADMIN], security-options: [apparmor=unconfined]}}}}\n");

        var found = PolicyAudit.Run(folder.Root, folder.Load().Policy!, Host, null, []).Findings.Where(f => f.Kind == "capability").ToDictionary(f => f.Role!);

        Assert.Contains("AppArmor", found["a"].Needs, StringComparison.Ordinal);
        Assert.Null(found["b"].Needs);
        Assert.Contains("--security-opt apparmor=unconfined", found["b"].How, StringComparison.Ordinal);
    }

    [Fact]
    public void CallsNoNameTakenThatNobodyHas()
    {
        folder.Write("p.yaml", """
            version: 1
            roles:
              hub: {rules: [{id: im, allow: [ImageBuild]}], grants: {images: ["docker.io/${user}/*", "docker.io/bitnami/*", "docker.io/library/*"]}}
            users: {alice: {roles: [hub]}}
            """);

        Assert.DoesNotContain(PolicyAudit.Run(folder.Root, folder.Load().Policy!, Host, null, []).Findings, f => f.Kind == "image-poisoning");
    }

    [Fact]
    public void NotesANameThatACertificateOfAnOrganizationMayHave()
    {
        folder.Write("p.yaml", """
            version: 1
            roles:
              hub: {rules: [{id: im, allow: [ImageBuild]}], grants: {images: ["docker.io/${user}/*", "docker.io/bitnami/*", "docker.io/library/*"]}}
            groups: {staff: {roles: [hub], organization: staff}}
            """);

        var found = Assert.Single(PolicyAudit.Run(folder.Root, folder.Load().Policy!, Host, null, []).Findings, f => f.Kind == "image-poisoning");
        Assert.Equal((Weight.Note, "a certificate of that name"), (found.Weight, found.Needs));
        Assert.Contains("bitnami", found.Title, StringComparison.Ordinal);
    }

    private static string Word(Extent extent) => extent switch { Extent.Root => "root", Extent.Host => "host", Extent.Others => "others", _ => "own" };

    private static HostView Host { get; } = HostView.None(PolicyDirectory.OrdinaryHost) with
    {
        IsReal = true,
        Exists = path => path == "/srv/team/ops",
        SocketsBelow = path => path == "/srv/team/ops" ? [new SocketOnHost("/srv/team/ops/agent.sock", 0)] : [],
    };
}
