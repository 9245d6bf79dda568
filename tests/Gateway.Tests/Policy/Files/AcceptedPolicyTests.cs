using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>What valid files come to, one line a case.</summary>
public sealed class AcceptedPolicyTests
{
    [Theory]
    [InlineData("allow: [ContainerList]", "ContainerList")]
    [InlineData("allow: [\"Exec*\"]", "ExecInspect ExecResize ExecStart")]
    [InlineData("allow: [Exec*]", "ExecInspect ExecResize ExecStart")]
    [InlineData("deny: [SystemPing, SystemPing]", "SystemPing")]
    [InlineData("allow:\n  - 'Distribution*'\n  - \"Config*\"", "ConfigCreate ConfigDelete ConfigInspect ConfigList ConfigUpdate DistributionInspect")]
    public void ExpandsOperations(string rule, string expected) =>
        Assert.Equal(expected, string.Join(' ', ReadRule(rule).Operations.Select(o => o.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void ExpandsStarToTheWholeCatalogue() =>
        Assert.Equal(OperationCatalogue.All.Count, ReadRule("allow: [\"*\"]").Operations.Count);

    [Theory]
    [InlineData("", "Own")]
    [InlineData("on: own", "Own")]
    [InlineData("on: all", "All")]
    [InlineData("on: {name: \"web-*\"}", "Name web-*")]
    [InlineData("on: {image: \"nginx*\"}", "Image docker.io/library/nginx*")]
    [InlineData("on: {image: nginx}", "Image docker.io/library/nginx:*")]
    [InlineData("on: {label: {tier: web, on: \"yes\"}}", "Label tier=web on=yes")]
    public void ReadsSelectors(string on, string expected)
    {
        var selector = ReadRule("allow: [ContainerList]\n" + on).On;
        var shown = $"{selector.Kind} {selector.Pattern}{string.Join(' ', selector.Labels?.Select(l => $"{l.Key}={l.Value}") ?? [])}";
        Assert.Equal(expected, shown.TrimEnd());
    }

    [Fact]
    public void ReadsRuleWithItsReason()
    {
        var rule = ReadRule("deny: [ContainerExport]\nreason: Images leave through the registry only.");
        Assert.Equal(("x", RuleEffect.Deny, "Images leave through the registry only."), (rule.Id, rule.Effect, rule.Reason));
    }

    [Theory]
    [InlineData("images: [busybox]", "docker.io/library/busybox:* docker.io/library/busybox@*")]
    [InlineData("images: [\"busybox:1.*\"]", "docker.io/library/busybox:1.*")]
    [InlineData("images: [\"*\"]", "*")]
    [InlineData("images: [\"docker.io/library/*\"]", "docker.io/library/*")]
    [InlineData("images: [\"docker.io/*\"]", "docker.io/*")]
    [InlineData("images: [docker.io/busybox]", "docker.io/library/busybox:* docker.io/library/busybox@*")]
    [InlineData("images: [index.docker.io/library/busybox:1]", "docker.io/library/busybox:1")]
    [InlineData("images: [\"team/*\"]", "docker.io/team/*")]
    [InlineData("images: [\"localhost/${user}/*\"]", "localhost/${user}/*")]
    [InlineData("images: [\"registry.example.com:5000/a/b\"]", "registry.example.com:5000/a/b:* registry.example.com:5000/a/b@*")]
    [InlineData("images: [\"registry.example.com/*/base:1\"]", "registry.example.com/*/base:1")]
    [InlineData("images: [\"team/app@*\"]", "docker.io/team/app@*")]
    [InlineData("images: []", "")]
    public void NormalisesImages(string grants, string expected) =>
        Assert.Equal(expected, string.Join(' ', ReadGrants(grants).Images));

    [Theory]
    [InlineData("images: [busybox, \"localhost/${user}/*\"]", "localhost/${user}/*")]
    [InlineData("images: [busybox]", "")]
    [InlineData("images: [\"localhost/${user}/*\"]\nown-images: []", "")]
    [InlineData("own-images: [\"docker.io/${user}/*\"]", "docker.io/${user}/*")]
    public void OwnsByDefaultWhatHoldsTheUser(string grants, string expected) =>
        Assert.Equal(expected, string.Join(' ', ReadGrants(grants).OwnImages));

    [Theory]
    [InlineData("memory: {default: 512m, max: 2g}", 512L << 20, 2L << 30)]
    [InlineData("memory: {default: 1048576, max: 1GB}", 1L << 20, 1L << 30)]
    [InlineData("memory: {default: 1k, max: 1T}", 1L << 10, 1L << 40)]
    public void ReadsSizesInBinaryUnits(string grants, long least, long most) =>
        Assert.Equal(new Limit(least, most), ReadGrants(grants).Memory);

    [Theory]
    [InlineData("cpus: {default: \"1\", max: \"1.5\"}", 1_000_000_000, 1_500_000_000)]
    [InlineData("cpus: {default: 0.000000001, max: 2}", 1, 2_000_000_000)]
    public void ReadsCpusAsBillionths(string grants, long least, long most) =>
        Assert.Equal(new Limit(least, most), ReadGrants(grants).Cpus);

    [Fact]
    public void LimitsRolesThatSayNothing()
    {
        var grants = ReadGrants("networks: []");
        Assert.Equal((Limit.DefaultMemory, Limit.DefaultCpus, Limit.DefaultPids), (grants.Memory, grants.Cpus, grants.Pids));
    }

    [Theory]
    [InlineData("20000-29999", "20000-29999")]
    [InlineData("8080", "8080-8080")]
    [InlineData("[80, 443, 8000-8001]", "80-80 443-443 8000-8001")]
    public void ReadsPorts(string ports, string expected)
    {
        var publish = ReadGrants($"publish: {{addresses: [127.0.0.1, \"::1\", 0.0.0.0], ports: {ports}}}").Publish!;
        Assert.Equal(expected, string.Join(' ', publish.Ports.Select(p => $"{p.First}-{p.Last}")));
        Assert.Equal(["127.0.0.1", "::1", "0.0.0.0"], publish.Addresses);
    }

    [Theory]
    [InlineData("capabilities: [cap_net_bind_service, NET_RAW, Cap_Chown]", "NET_BIND_SERVICE NET_RAW CHOWN")]
    [InlineData("capabilities: [ALL]", "ALL")]
    public void ReadsCapabilities(string grants, string expected) =>
        Assert.Equal(expected, string.Join(' ', ReadGrants(grants).Capabilities));

    [Fact]
    public void ReadsWhatReachesTheKernel()
    {
        var grants = ReadGrants("""
            devices: [/dev/fuse, {path: /dev/snd/seq, permissions: rw}]
            gpus: all
            runtimes: [runsc]
            sysctls: [net.ipv4.ip_unprivileged_port_start]
            security-options: [label=disable, seccomp=unconfined]
            host-namespaces: [network, pid]
            privileged: true
            user: non-root
            """);
        Assert.Equal([new DeviceGrant("/dev/fuse", "rwm"), new DeviceGrant("/dev/snd/seq", "rw")], grants.Devices);
        Assert.Equal(-1, grants.Gpus);
        Assert.Equal(["runsc"], grants.Runtimes);
        Assert.Equal(["net.ipv4.ip_unprivileged_port_start"], grants.Sysctls);
        Assert.Equal(["label=disable", "seccomp=unconfined"], grants.SecurityOptions);
        Assert.Equal(["network", "pid"], grants.HostNamespaces);
        Assert.Equal((true, true), (grants.Privileged, grants.NonRoot));
    }

    [Fact]
    public void ReadsWhatReachesBeyondTheContainer()
    {
        var grants = ReadGrants("""
            shm-size: 4g
            ulimits: {memlock: unlimited, nofile: 2097152}
            log-drivers: [journald, {driver: fluentd, options: {fluentd-address: "127.0.0.1:24224"}}]
            registries: [docker.io, "registry.example.com:5000"]
            labels: ["traefik.*", backup.volume]
            subnets: [10.128.0.0/16, "fd00:1::/64"]
            devices: [nvidia.com/gpu=0]
            """);
        Assert.Equal(4L << 30, grants.ShmSize);
        Assert.Equal((-1, 2097152), (grants.Ulimits["memlock"], grants.Ulimits["nofile"]));
        Assert.Equal("journald fluentd fluentd-address=127.0.0.1:24224", string.Join(' ', grants.LogDrivers.SelectMany(d => d.Options.Select(o => $"{o.Key}={o.Value}").Prepend(d.Driver))));
        Assert.Equal(["docker.io", "registry.example.com:5000"], grants.Registries!);
        Assert.Equal(["traefik.*", "backup.volume"], grants.Labels);
        Assert.Equal("10.128.0.0/16 fd00:1::/64", string.Join(' ', grants.Subnets));
        Assert.Equal("nvidia.com/gpu=0", Assert.Single(grants.Devices).Path);
    }

    [Fact]
    public void GrantsNothingOfThemWhereTheyAreLeftOut()
    {
        var grants = ReadGrants("images: [busybox]");
        Assert.Null(grants.ShmSize);
        Assert.Null(grants.Registries);
        Assert.Equal((0, 0, 0, 0), (grants.Ulimits.Count, grants.LogDrivers.Count, grants.Labels.Count, grants.Subnets.Count));
    }

    [Fact]
    public void ReservesTheLabelsOfOneRoleAgainstAllOthers()
    {
        var policy = Read("""
            version: 1
            roles:
              a: {rules: [], grants: {labels: ["backup.*"]}}
              b: {rules: [], grants: {}}
              c: {rules: []}
              d: {rules: [], root-equivalent: true}
            """);
        Assert.All(new[] { "a", "b", "c" }, role => Assert.Equal(["backup.*"], policy.Roles[role].Grants!.ReservedLabels));
        Assert.Null(policy.Roles["d"].Grants);
    }

    [Theory]
    [InlineData("binds: [{source: \"/srv/data/${user}\", access: ro}]", false)]
    [InlineData("binds: [{source: /srv/data, access: rw}]\nuser: non-root", true)]
    [InlineData("binds: [{source: /srv/data, access: rw, setuid: accepted, inside: false}]", true)]
    public void ReadsBinds(string grants, bool readWrite) =>
        Assert.Equal(readWrite, Assert.Single(ReadGrants(grants).Binds).ReadWrite);

    [Fact]
    public void AcceptsReadWriteBindOnNoSuidMount()
    {
        using var dir = new PolicyDirectory();
        dir.Write("p.yaml", Snippet.Grants("binds: [{source: \"/srv/data/${user}\", access: rw}]"));
        var asked = new List<string>();
        Assert.Empty(dir.Errors(new() { IsMountedNoSuidNoDev = source => { asked.Add(source); return true; } }));
        Assert.Equal(["/srv/data/${user}"], asked);
    }

    [Fact]
    public void LeavesRootEquivalentRoleWithoutGrantsUnlimited()
    {
        var policy = Read("version: 1\nroles: {a: {root-equivalent: true, rules: []}, b: {rules: []}}");
        Assert.Null(policy.Roles["a"].Grants);
        Assert.NotNull(policy.Roles["b"].Grants);
    }

    [Fact]
    public void LetsRootEquivalentRoleBindAnything() =>
        Assert.Equal("/", Assert.Single(Read("""
            version: 1
            roles: {a: {root-equivalent: true, rules: [], grants: {binds: [{source: /, access: rw}]}}}
            """).Roles["a"].Grants!.Binds).Source);

    [Fact]
    public void ReadsUsersAndGroups()
    {
        var policy = Read("""
            version: 1
            roles: {r: {about: For a test., rules: []}}
            users:
              alice: {roles: [r]}
              ci: {roles: [r, r], certificate: {spki: "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}}
            groups:
              oncall: {roles: [r], organization: on-call, members: [carol]}
            """);
        Assert.Equal("sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", policy.Users["ci"].Spki);
        Assert.Null(policy.Users["alice"].Spki);
        Assert.Equal("on-call", policy.Groups["oncall"].Organization);
        Assert.Equal(["carol"], policy.Groups["oncall"].Members);
        Assert.Equal("For a test.", policy.Roles["r"].About);
    }

    [Theory]
    [InlineData("privileged: true", "6:7: privileged")]
    [InlineData("host-namespaces: [pid]", "6:7: host-namespaces")]
    [InlineData("devices: [/dev/kvm]", "6:7: devices")]
    [InlineData("capabilities: [ALL]", "6:7: capabilities")]
    [InlineData("capabilities: [SYS_ADMIN]", "6:7: capabilities")]
    [InlineData("security-options: [seccomp=unconfined]", "6:7: security-options")]
    [InlineData("log-drivers: [syslog]", "6:7: log-drivers")]
    [InlineData("own-images: [team/app]", "6:20: own-images")]
    [InlineData("binds: [{source: /srv/a, access: rw, setuid: accepted}]", "6:24: bind source \"/srv/a\" is read-write on a file system where set-uid programs work")]
    public void WarnsOfWhatMayReachTheHost(string grants, string expected)
    {
        using var dir = new PolicyDirectory();
        var path = dir.Write("p.yaml", Snippet.Grants(grants));
        var result = dir.Load();
        Assert.Empty(result.Errors);
        Assert.StartsWith($"{path}:{expected}", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base: {roles: [r]}", true)]
    [InlineData("alice: {roles: [r]}", false)]
    [InlineData("base: {roles: [other]}", false)]
    public void WarnsOfUserWhoseNameIsSharedNamespace(string user, bool warned)
    {
        using var dir = new PolicyDirectory();
        const string Roles = """
            version: 1
            roles:
              r: {rules: [], grants: {images: ["localhost/base/*", "localhost/${user}/*", "*"]}}
              other: {rules: []}
            users:
            """;
        var path = dir.Write("p.yaml", $"{Roles}\n  {user}");
        string[] expected = warned ? [$"{path}:6:3: user \"base\" may replace images that others run: localhost/base/* lies under the user's own-images"] : [];
        Assert.Equal(expected, dir.Load().Warnings);
    }

    [Theory]
    [InlineData("base: {roles: [r]}", true)]
    [InlineData("base: {roles: [other], members: [alice]}", true)]
    [InlineData("base: {roles: [other], members: [bob]}", false)]
    [InlineData("base: {roles: [other], organization: base}", true)]
    [InlineData("library: {roles: [r]}", false)]
    [InlineData("ops: {roles: [r], members: [alice]}", false)]
    public void WarnsOfGroupWhoseNameIsSharedNamespace(string group, bool warned)
    {
        using var dir = new PolicyDirectory();
        const string Roles = """
            version: 1
            roles:
              r: {rules: [], grants: {images: ["localhost/base/*", "*"], own-images: ["localhost/${group}/${user}/*"]}}
              other: {rules: []}
            users: {alice: {roles: [r]}, bob: {roles: [other]}}
            groups:
            """;
        var path = dir.Write("p.yaml", $"{Roles}\n  {group}");
        string[] expected = warned ? [$"{path}:7:3: group \"base\" may replace images that others run: localhost/base/* lies under the group's own-images"] : [];
        Assert.Equal(expected, dir.Load().Warnings);
    }

    [Theory]
    [InlineData("capabilities: [NET_RAW]")]
    [InlineData("images: [team/app]")]
    [InlineData("privileged: false")]
    public void StaysSilentOnHarmlessGrants(string grants)
    {
        using var dir = new PolicyDirectory();
        dir.Write("p.yaml", Snippet.Grants(grants));
        Assert.Empty(dir.Load().Warnings);
    }

    private static Rule ReadRule(string rule) => Assert.Single(Read(Snippet.Rule(rule)).Roles["r"].Rules);

    private static Grants ReadGrants(string grants) => Read(Snippet.Grants(grants)).Roles["r"].Grants!;

    private static AccessPolicy Read(string text)
    {
        using var dir = new PolicyDirectory();
        dir.Write("p.yaml", text);
        var result = dir.Load();
        Assert.Empty(result.Errors);
        return result.Policy!;
    }
}
