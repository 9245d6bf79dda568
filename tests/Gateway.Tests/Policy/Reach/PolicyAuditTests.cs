using System.Text.Json;
using Gateway.Policy.Commands;
using Gateway.Policy.Reach;
using Gateway.Policy.Reach.Reports;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Reach;

/// <summary>I35: every role whose grants and rules alone reach root on the host is found, with its path.</summary>
public sealed class PolicyAuditTests : IDisposable
{
    private readonly PolicyDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Ten roles; three of them reach root without looking like it: a folder with a socket, images that a deployer runs, a selector on labels.</summary>
    private const string TenRoles = """
        version: 1
        roles:
          admin:
            root-equivalent: true
            rules: [{id: all, allow: ["*"], on: all}]
          deployer:
            root-equivalent: true
            rules: [{id: run, allow: ["Container*", ImageCreate]}]
            grants: {images: ["registry.example.com/apps/*"], privileged: true}
          web:
            rules: [{id: run, allow: ["Container*", "Exec*", ImageCreate]}]
            grants: {images: ["docker.io/library/*"], networks: [bridge, own]}
          reader:
            rules: [{id: look, allow: [ContainerList, ContainerInspect, ContainerLogs], on: all}]
          helpdesk:
            about: "<script>alert('policy')</script>"
            rules:
              - {id: look, allow: [ContainerList, ContainerRestart], on: all}
              - {id: shell, allow: [ContainerExec, ExecStart], on: {label: {support: "yes"}}}
          builder:
            rules: [{id: build, allow: [ImageBuild, ImageTag]}]
            grants: {images: ["docker.io/library/*"], own-images: ["registry.example.com/apps/web"]}
          metrics:
            rules: [{id: look, allow: [ContainerStats, SystemInfo], on: all}]
          batch:
            rules: [{id: run, allow: ["Container*"]}]
            grants:
              images: ["docker.io/library/*"]
              binds: [{source: /srv/jobs, access: ro}]
          backup:
            rules: [{id: run, allow: [ContainerList, "Volume*"]}]
          intern:
            rules: [{id: look, allow: [ImageList]}]
        users:
          ada: {roles: [admin]}
          dora: {roles: [deployer]}
          wendy: {roles: [web]}
          rita: {roles: [reader]}
          henry: {roles: [helpdesk]}
          bob: {roles: [builder]}
          mona: {roles: [metrics]}
          nick: {roles: [batch]}
          beth: {roles: [backup]}
          ian: {roles: [intern]}
        """;

    private static HostView WithSocket { get; } = HostView.None(PolicyDirectory.OrdinaryHost) with
    {
        IsReal = true,
        Exists = path => path == "/srv/jobs",
        SocketsBelow = path => path == "/srv/jobs" ? [new SocketOnHost("/srv/jobs/run/docker.sock", 0)] : [],
    };

    [Fact]
    public void NamesTheThreeHiddenWaysAmongTenRoles()
    {
        var report = Audit(TenRoles, WithSocket);

        Assert.Equal(
            ["batch bind-engine-socket", "builder image-poisoning", "helpdesk exec-others"],
            report.Findings.Where(f => f.Weight == Weight.Error).Select(f => $"{f.Role} {f.Kind}").Order(StringComparer.Ordinal));
        Assert.Equal(["admin", "batch", "builder", "deployer", "helpdesk"], report.Roles.Where(r => r.ReachesRoot).Select(r => r.Role.Name));
        var socket = report.Findings.Single(f => f.Kind == "bind-engine-socket");
        Assert.EndsWith("a.yaml:29:15", socket.At.ToString(), StringComparison.Ordinal);
        Assert.Contains("/srv/jobs/run/docker.sock", socket.How, StringComparison.Ordinal);
        Assert.Equal(["ada", "bob", "dora", "henry", "nick"], report.Users.Where(u => u.Extent == Extent.Root).Select(u => u.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("capabilities: [SYS_ADMIN]", "capability")]
    [InlineData("capabilities: [SYS_PTRACE]", "capability")]
    [InlineData("capabilities: [ALL]", "capability")]
    [InlineData("capabilities: [DAC_READ_SEARCH]", "capability")]
    [InlineData("capabilities: [SYS_MODULE]", "capability")]
    [InlineData("{capabilities: [NET_ADMIN], host-namespaces: [network]}", "capability")]
    [InlineData("{capabilities: [IPC_OWNER], host-namespaces: [ipc]}", "capability")]
    [InlineData("host-namespaces: [pid]", "host-namespace")]
    [InlineData("privileged: true", "privileged")]
    [InlineData("devices: [/dev/sda]", "device")]
    [InlineData("devices: [{path: /dev/nvme0n1, permissions: r}]", "device")]
    [InlineData("devices: [/dev/mem]", "device")]
    [InlineData("devices: [/dev/kmsg]", "device")]
    [InlineData("{devices: [/dev/fuse], capabilities: [SYS_ADMIN]}", "device")]
    [InlineData("runtimes: [custom]", "runtime")]
    [InlineData("security-options: [systempaths=unconfined]", "security-option")]
    [InlineData("binds: [{source: /srv/x, access: rw, setuid: accepted}]", "bind-setuid")]
    [InlineData("{binds: [{source: /srv/x, access: rw, setuid: accepted}], host-namespaces: [user]}", "host-namespace")]
    [InlineData("{binds: [{source: /srv/x, access: rw, setuid: accepted}], capabilities: [MKNOD]}", "capability")]
    [InlineData("binds: [{source: /opt, access: rw, setuid: accepted}]", "bind-run-by-root")]
    public void I35_FindsTheGrantThatReachesRoot(string grants, string kind)
    {
        var report = Audit(Granting(grants));

        Assert.Contains(report.Findings, f => f.Kind == kind && f is { Weight: Weight.Error, Extent: Extent.Root } && f.At is { Line: > 0 });
        Assert.True(Assert.Single(report.Roles).ReachesRoot);
    }

    [Theory]
    [InlineData("images: [\"*\"]")]
    [InlineData("capabilities: [NET_BIND_SERVICE]")]
    [InlineData("networks: [own]")]
    [InlineData("publish: {addresses: [127.0.0.1], ports: 20000-29999}")]
    [InlineData("devices: [/dev/null]")]
    [InlineData("runtimes: [runsc]")]
    [InlineData("{binds: [{source: /srv/x, access: rw}], user: non-root}")]
    [InlineData("binds: [{source: /srv/x, access: ro}]")]
    [InlineData("security-options: [no-new-privileges=true]")]
    public void FindsNothingInWhatStaysInside(string grants) => Assert.True(Audit(Granting(grants)).IsClean);

    [Theory]
    [InlineData("allow: [ContainerExec, ExecStart], on: all", "exec-others")]
    [InlineData("allow: [PutContainerArchive], on: all", "exec-others")]
    [InlineData("allow: [ContainerAttach], on: {name: \"web-*\"}", "exec-others")]
    [InlineData("allow: [ContainerExec], on: {image: \"nginx*\"}", "exec-others")]
    [InlineData("allow: [ContainerCreate], on: all", "create-with-others")]
    public void I35_FindsTheRuleThatReachesRoot(string rule, string kind)
    {
        var report = Audit(Snippet.Rule(rule.Replace(", on:", "\non:", StringComparison.Ordinal)));

        Assert.Contains(report.Findings, f => f.Kind == kind && f.Weight == Weight.Error);
    }

    [Fact]
    public void CountsAnUnconditionalDenialOfAnotherRole()
    {
        var report = Audit("""
            version: 1
            roles:
              shell: {rules: [{id: x, allow: [ContainerExec, ExecStart], on: all}]}
              no-shell: {rules: [{id: y, deny: [ContainerExec, ExecStart]}]}
            users:
              free: {roles: [shell]}
              held: {roles: [shell, no-shell]}
            """);

        Assert.Equal(Extent.Root, report.Users.Single(u => u.Name == "free").Extent);
        Assert.Equal(Extent.Own, report.Users.Single(u => u.Name == "held").Extent);
    }

    [Fact]
    public void ListsWithoutComplaintWhatSaysThatItIsRoot()
    {
        var report = Audit(Granting("privileged: true").Replace("rules:", "root-equivalent: true\n    rules:", StringComparison.Ordinal));

        Assert.True(report.IsClean);
        Assert.Contains(report.Findings, f => f is { Kind: "privileged", Accepted: true });
    }

    [Fact]
    public void ReportsFoldersThatOthersCanSwap()
    {
        var host = HostView.None(PolicyDirectory.OrdinaryHost) with { Exists = _ => true, Replaceable = _ => "/srv can be written by others than root" };

        var report = Audit(Granting("binds: [{source: /srv/x, access: ro}]"), host);

        Assert.Equal("bind-replaceable", Assert.Single(report.Findings).Kind);
        Assert.False(report.IsClean);
    }

    [Fact]
    public void KeepsFingerprintsWhenRolesAndFilesAreMoved()
    {
        var before = Audit(TenRoles, WithSocket).Findings.Select(SarifReport.Fingerprint).Order(StringComparer.Ordinal).ToList();
        File.Delete(Path.Combine(folder.Root, "a.yaml"));
        folder.Write("z.yaml", "version: 1\n" + TenRoles[TenRoles.IndexOf("users:", StringComparison.Ordinal)..]);
        var roles = TenRoles[..TenRoles.IndexOf("users:", StringComparison.Ordinal)];
        var intern = roles.IndexOf("  intern:", StringComparison.Ordinal);
        var moved = "version: 1\nroles:\n" + roles[intern..] + roles[(roles.IndexOf("roles:\n", StringComparison.Ordinal) + 7)..intern];

        var after = Audit(moved, WithSocket).Findings.Select(SarifReport.Fingerprint).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(before, after);
        Assert.Equal(before.Count, before.Distinct().Count());
    }

    [Fact]
    public void EscapesThePoliciesTextInHtml()
    {
        using var html = new StringWriter();

        HtmlReport.Write(Audit(TenRoles, WithSocket), html);

        Assert.DoesNotContain("<script>alert", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert", html.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html.ToString(), StringComparison.Ordinal);
        Assert.Contains("/srv/jobs/run/docker.sock", html.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void FitsTheTextIntoEightyColumns()
    {
        using var text = new StringWriter();

        TextReport.Write(Audit(TenRoles, WithSocket), text);

        Assert.All(text.ToString().Split('\n').Where(line => line.Contains(' ', StringComparison.Ordinal) && !line.Contains(folder.Root, StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80));
    }

    [Theory]
    [InlineData("json", "\"root_equivalent\"")]
    [InlineData("sarif", "\"partialFingerprints\"")]
    public void WritesJsonThatParses(string format, string part)
    {
        folder.Write("a.yaml", TenRoles);
        using var output = new StringWriter();

        Assert.Equal(1, PolicyAuditCommand.Run(new PolicyAuditRequest(folder.Root, format, WithoutHost: true), PolicyDirectory.OrdinaryHost, output, output));

        using var document = JsonDocument.Parse(output.ToString());
        Assert.Contains(part, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ExitsCleanOnTheShippedPolicies()
    {
        using var output = new StringWriter();

        var code = PolicyAuditCommand.Run(new PolicyAuditRequest(ShippedPolicies.Folder, WithoutHost: true), PolicyDirectory.OrdinaryHost, output, output);

        Assert.True(code == 0, output.ToString());
    }

    [Fact]
    public void SaysWhereAnInvalidPolicyIsWrong()
    {
        var file = folder.Write("a.yaml", "version: 1\nroles: [x\n");
        using var output = new StringWriter();

        Assert.Equal(78, PolicyAuditCommand.Run(new PolicyAuditRequest(folder.Root), PolicyDirectory.OrdinaryHost, output, output));
        Assert.StartsWith($"{file}:", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ComparesUsersWithCertificates()
    {
        folder.Write("a.yaml", """
            version: 1
            roles: {r: {rules: [{id: x, allow: [SystemPing]}]}}
            users: {alice: {roles: [r]}, bob: {roles: [r]}, carol: {roles: [r]}}
            """);
        var pki = Directory.CreateDirectory(Path.Combine(folder.Root, "pki")).FullName;
        File.WriteAllText(Path.Combine(pki, "inventory.json"), """
            {"version":1,"certificates":[
              {"name":"alice","kind":"client","serial":"1","sha256":"","notBefore":"2020-01-01T00:00:00+00:00","notAfter":"2999-01-01T00:00:00+00:00","state":"valid"},
              {"name":"bob","kind":"client","serial":"2","sha256":"","notBefore":"2020-01-01T00:00:00+00:00","notAfter":"2020-02-01T00:00:00+00:00","state":"valid"},
              {"name":"mallory","kind":"client","serial":"3","sha256":"","notBefore":"2020-01-01T00:00:00+00:00","notAfter":"2999-01-01T00:00:00+00:00","state":"valid"}]}
            """);
        using var output = new StringWriter();

        Assert.Equal(1, PolicyAuditCommand.Run(new PolicyAuditRequest(folder.Root, "json", pki), PolicyDirectory.OrdinaryHost, output, output));

        using var report = JsonDocument.Parse(output.ToString());
        Assert.Equal(
            ["certificate-without-user mallory", "user-without-certificate bob", "user-without-certificate carol"],
            report.RootElement.GetProperty("findings").EnumerateArray().Select(f => $"{f.GetProperty("kind").GetString()} {f.GetProperty("user").GetString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NamesAPkiFolderThatIsNone()
    {
        folder.Write("a.yaml", "version: 1\nroles: {r: {rules: [{id: x, allow: [SystemPing]}]}}\n");
        using var output = new StringWriter();

        Assert.Equal(2, PolicyAuditCommand.Run(new PolicyAuditRequest(folder.Root, Pki: folder.Root), PolicyDirectory.OrdinaryHost, output, output));
        Assert.Contains("inventory.json is not there", output.ToString(), StringComparison.Ordinal);
    }

    private static string Granting(string grants) => $"""
        version: 1
        roles:
          r:
            rules: [{"{"}id: run, allow: [ContainerCreate, ContainerStart]{"}"}]
            grants: {(grants.StartsWith('{') ? grants : "{" + grants + "}")}
        """;

    private AuditReport Audit(string policy, HostView? host = null)
    {
        folder.Write("a.yaml", policy);
        var loaded = folder.Load();
        Assert.Empty(loaded.Errors);
        return PolicyAudit.Run(folder.Root, loaded.Policy!, host ?? HostView.None(PolicyDirectory.OrdinaryHost), null, []);
    }
}
