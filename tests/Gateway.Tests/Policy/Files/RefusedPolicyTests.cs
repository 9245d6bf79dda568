using Gateway.Tests.Policy.Files.Support;
using Xunit;

namespace Gateway.Tests.Policy.Files;

/// <summary>What invalid files are told, one line a case.</summary>
public sealed class RefusedPolicyTests
{
    [Theory]
    [InlineData("", "1:1: the file is empty; write at least \"version: 1\"")]
    [InlineData("# nothing\n", "1:1: the file is empty; write at least \"version: 1\"")]
    [InlineData("---\n", "2:2: expected a mapping, not nothing")]
    [InlineData("- version: 1\n", "1:1: expected a mapping, not a list")]
    [InlineData("roles: {}\n", "1:1: missing key \"version\"; write \"version: 1\"")]
    [InlineData("version: 2\n", "1:10: expected \"1\", not \"2\"")]
    [InlineData("version: 01\n", "1:10: expected \"1\", not \"01\"")]
    [InlineData("version: 1\nversion: 1\n", "2:1: duplicate key \"version\"; it already stands at p.yaml:1:1")]
    [InlineData("version: 1\nrole: {}\n", "2:1: unknown key \"role\"; did you mean \"roles\"?")]
    [InlineData("version: 1\nsomething-else: {}\n", "2:1: unknown key \"something-else\"")]
    [InlineData("version: 1\n---\nversion: 1\n", "2:1: a second document in one file; put it into a file of its own")]
    [InlineData("version: &v 1\n", "1:10: an anchor (&v) is not allowed; write the value out where it is needed")]
    [InlineData("version: !!int 1\n", "1:10: a tag (!…) is not allowed; every value is read as text")]
    [InlineData("version: !x 1\n", "1:10: a tag (!…) is not allowed; every value is read as text")]
    [InlineData("version: 1\nroles: {<<: {}}\n", "2:9: a merge key (<<) is not allowed; write the entries out")]
    [InlineData("version: 1\nroles: {r: *base}\n", "2:12: an alias (*name) is not allowed here; to write text that begins with \"*\", quote it")]
    [InlineData("version: 1\n? [a]\n: b\n", "2:3: a key must be text, not a list")]
    [InlineData("version: 1\nroles: {r: {rules: [{id: x, allow: [*]}]}}\n", "2:37: a text that begins with \"*\" must be quoted: write \"*\"")]
    [InlineData("version: 1\n b: 2\n", "2:3: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("version: \"1\n", "1:10: while scanning a quoted scalar, found unexpected end of stream")]
    [InlineData("version: 1\u0007\n", "1:11: a control character; only line breaks and tabs are allowed")]
    [InlineData("version: \"\\ud800\"\n", "1:10: while scanning a quoted scalar, found invalid Unicode surrogates")]
    [InlineData("version: 1\nroles: {r: {rules: [{id: x, all\now: [Grpc]}]}}\n", "2:20: cannot be read on from here; is a quote, comma or bracket missing, or a line broken?")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[", "1:17: nested more than 16 deep")]
    public void RefusesMalformedFile(string text, string expected) => Refuses(text, expected);

    [Theory]
    [InlineData("roles: {R: {rules: []}}", "2:9: \"R\" is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit")]
    [InlineData("roles: {r: {}}", "2:12: missing key \"rules\"; write rules: [{id: NAME, allow: [OPERATION]}]")]
    [InlineData("roles: {r: x}", "2:12: expected a mapping, not text")]
    [InlineData("roles: {r: {rules: x}}", "2:20: expected a list, not text; write [a, b]")]
    [InlineData("roles: {r: {rules: [], about: \"\"}}", "2:31: must not be empty")]
    [InlineData("roles: {r: {rules: [], root-equivalent: yes}}", "2:41: expected one of true, false, not \"yes\"")]
    [InlineData("roles: {r: {rules: [], root-equivalent: True}}", "2:41: expected one of true, false, not \"True\"; did you mean \"true\"?")]
    [InlineData("roles: {r: {rules: [], grant: {}}}", "2:24: unknown key \"grant\"; did you mean \"grants\"?")]
    [InlineData("roles: {r: {rules: [{allow: [Grpc], id: x}, {id: x, deny: [Grpc]}]}}", "2:50: rule id \"x\" already stands at p.yaml:2:41")]
    [InlineData("roles: {r: {rules: [], quota: {containers: 10, memory: 8g}}}", "2:24: not supported yet: quota")]
    [InlineData("roles: {r: {rules: [], rate: {requests: 50/s, burst: 100}}}", "2:24: not supported yet: rate")]
    public void RefusesRole(string section, string expected) => Refuses("version: 1\n" + section, expected);

    [Fact]
    public void ChecksTheShapeOfWhatIsNotSupportedYet()
    {
        Refuses("version: 1\nroles: {r: {rules: [], quota: {memory: x}}}", "2:24: not supported yet: quota", "2:40: \"x\" is not a size: write bytes or 512m, 2g");
        Refuses("version: 1\nroles: {r: {rules: [], rate: {requests: 50}}}", "2:24: not supported yet: rate", "2:41: \"50\" is not a rate: write requests a second as 50/s");
    }

    [Theory]
    [InlineData("alow: [Grpc]", "5:9: a rule has either \"allow\" or \"deny\"", "6:9: unknown key \"alow\"; did you mean \"allow\"?")]
    [InlineData("allow: [Grpc]\ndeny: [Grpc]", "5:9: a rule has either \"allow\" or \"deny\"")]
    [InlineData("allow: Grpc", "6:16: expected a list, not text; write [a, b]")]
    [InlineData("allow: []", "6:16: names no operation")]
    [InlineData("allow: [[Grpc]]", "6:17: expected text, not a list")]
    [InlineData("allow: [ContainerCreat]", "6:17: unknown operation \"ContainerCreat\"; did you mean \"ContainerCreate\"?")]
    [InlineData("allow: [containerlist]", "6:17: unknown operation \"containerlist\"; did you mean \"ContainerList\"?")]
    [InlineData("allow: [Whatever]", "6:17: unknown operation \"Whatever\"")]
    [InlineData("allow: [Contaner*]", "6:17: \"Contaner*\" matches no operation: \"*\" stands alone or after a resource's name; did you mean \"Container*\"?")]
    [InlineData("allow: [C*]", "6:17: \"C*\" matches no operation: \"*\" stands alone or after a resource's name")]
    [InlineData("allow: [\"*List\"]", "6:17: \"*List\": \"*\" stands alone or at the end")]
    [InlineData("allow: [\"**\"]", "6:17: \"**\": \"*\" stands alone or at the end")]
    [InlineData("allow: [Grpc]\non: mine", "7:13: expected one of own, all, not \"mine\"")]
    [InlineData("allow: [Grpc]\non: {}", "7:13: \"on\" selects by one of label, name, image")]
    [InlineData("allow: [Grpc]\non: {name: a, image: b}", "7:13: \"on\" selects by one of label, name, image")]
    [InlineData("allow: [Grpc]\non: {name: \"a b\"}", "7:20: \"a b\" is not a pattern of names: letters, digits, . _ - and *")]
    [InlineData("allow: [Grpc]\non: {label: {a: [b]}}", "7:25: expected text, not a list")]
    [InlineData("allow: [Grpc]\non: {label: {}}", "7:21: names no label")]
    [InlineData("allow: [Grpc]\non: {image: \"localhost/${user}/*\"}", "7:21: ${user} may stand in images, own-images and the source of binds only")]
    public void RefusesRule(string rule, params string[] expected) => Refuses(Snippet.Rule(rule), expected);

    [Theory]
    [InlineData("image: []", "6:7: unknown key \"image\"; did you mean \"images\"?")]
    [InlineData("images: [Busybox]", "6:16: image pattern \"Busybox\" has upper-case letters; names of images are lower-case")]
    [InlineData("images: [\"\"]", "6:16: image pattern \"\" is not an image's name")]
    [InlineData("images: [a//b]", "6:16: image pattern \"a//b\" is not an image's name")]
    [InlineData("images: [a/../b]", "6:16: image pattern \"a/../b\" is not an image's name")]
    [InlineData("images: [\"a b\"]", "6:16: image pattern \"a b\" is not an image's name")]
    [InlineData("images: [\"a:\"]", "6:16: image pattern \"a:\" has a malformed tag")]
    [InlineData("images: [\"a@sha256:12\"]", "6:16: image pattern \"a@sha256:12\" has a malformed digest; write @sha256: and 64 hex digits, or @*")]
    [InlineData("images: [\"a:1@*\"]", "6:16: image pattern \"a:1@*\" has a tag and a digest; write one of them")]
    [InlineData("images: [\"*.example.com/a\"]", "6:16: image pattern \"*.example.com/a\" has \"*\" in the registry's name, where it would match every registry; write the name out")]
    [InlineData("images: [\"localhost/*/${user}/*\"]", "6:16: image pattern \"localhost/*/${user}/*\" has \"*\" before ${user}: it stands for slashes too, so that one user's names would match another's")]
    [InlineData("images: [\"localhost/${user}*\"]", "6:16: ${user} must be a whole component, between slashes: beside other characters one user's name could be the start of another's")]
    [InlineData("images: [\"localhost/${group}/*\"]", "6:16: not supported yet: ${group}")]
    [InlineData("images: [\"localhost/${home}/*\"]", "6:16: unknown variable in \"${home}\"; the only one is ${user}")]
    [InlineData("images: [\"${user}.example.com/a\"]", "6:16: ${user} must be a whole component, between slashes: beside other characters one user's name could be the start of another's")]
    [InlineData("images: [\"a:${user}\"]", "6:16: image pattern \"a:${user}\" has ${user} outside its path")]
    [InlineData("networks: [host]", "6:18: \"host\" is not a network to grant here; write \"host-namespaces: [network]\"")]
    [InlineData("networks: [\"container:web\"]", "6:18: \"container:web\" is not a network: write bridge, none, own or a network's name")]
    [InlineData("publish: {addresses: [127.1], ports: 80}", "6:29: \"127.1\" is not how this address is written; write 127.0.0.1")]
    [InlineData("publish: {addresses: [0177.0.0.1], ports: 80}", "6:29: \"0177.0.0.1\" is not how this address is written; write 127.0.0.1")]
    [InlineData("publish: {addresses: [\"::ffff:127.0.0.1\"], ports: 80}", "6:29: \"::ffff:127.0.0.1\" is not how this address is written; write 127.0.0.1")]
    [InlineData("publish: {addresses: [\"0:0::1\"], ports: 80}", "6:29: \"0:0::1\" is not how this address is written; write ::1")]
    [InlineData("publish: {addresses: [localhost], ports: 80}", "6:29: \"localhost\" is not an IP address")]
    [InlineData("publish: {ports: 80}", "6:16: missing key \"addresses\"; write addresses: [127.0.0.1]")]
    [InlineData("publish: {addresses: [127.0.0.1]}", "6:16: missing key \"ports\"; write ports: 20000-29999")]
    [InlineData("publish: {addresses: [], ports: 0}", "6:39: \"0\" is not a port or a range of ports: write 8080 or 20000-29999, from 1 to 65535")]
    [InlineData("publish: {addresses: [], ports: 1-65536}", "6:39: \"1-65536\" is not a port or a range of ports: write 8080 or 20000-29999, from 1 to 65535")]
    [InlineData("publish: {addresses: [], ports: 1-2-3}", "6:39: \"1-2-3\" is not a port or a range of ports: write 8080 or 20000-29999, from 1 to 65535")]
    [InlineData("publish: {addresses: [], ports: 2-1}", "6:39: the range \"2-1\" ends before it begins")]
    [InlineData("capabilities: [NET_BIND_SERVCE]", "6:22: unknown capability \"NET_BIND_SERVCE\"; did you mean \"NET_BIND_SERVICE\"?")]
    [InlineData("capabilities: [all]", "6:22: \"all\": every capability is granted only by \"ALL\"")]
    [InlineData("capabilities: [CAP_ALL]", "6:22: \"CAP_ALL\": every capability is granted only by \"ALL\"")]
    [InlineData("devices: [dev/kvm]", "6:17: \"dev/kvm\" is not an absolute path")]
    [InlineData("devices: [/dev/../etc/shadow]", "6:17: \"/dev/../etc/shadow\" is not a clean path: no \"//\", \".\" or \"..\"")]
    [InlineData("devices: [/etc/shadow]", "6:17: \"/etc/shadow\" is not a device: it is not below /dev")]
    [InlineData("devices: [/dev]", "6:17: \"/dev\" is not a device: it is not below /dev")]
    [InlineData("devices: [{permissions: r}]", "6:17: missing key \"path\"; write path: /dev/NAME")]
    [InlineData("devices: [{path: /dev/kvm, permissions: wr}]", "6:47: expected one of r, w, m, rw, rm, wm, rwm, not \"wr\"; did you mean \"rw\"?")]
    [InlineData("gpus: -1", "6:13: \"-1\" is not a number of GPUs: write a whole number or all")]
    [InlineData("runtimes: [/bin/sh]", "6:18: \"/bin/sh\" is not the name of a runtime")]
    [InlineData("sysctls: [kernel.core_pattern]", "6:17: \"kernel.core_pattern\" is not a sysctl of a container's own namespaces (net.*, fs.mqueue.*, kernel.shm*, kernel.msg*, kernel.sem)")]
    [InlineData("sysctls: [\"net.*\"]", "6:17: \"net.*\" is not a sysctl of a container's own namespaces (net.*, fs.mqueue.*, kernel.shm*, kernel.msg*, kernel.sem)")]
    [InlineData("security-options: [\"label:disable\"]", "6:26: \"label:disable\" is not a security option: write key=value, as in label=disable")]
    [InlineData("security-options: [secomp=unconfined]", "6:26: unknown security option \"secomp\"; did you mean \"seccomp\"?")]
    [InlineData("host-namespaces: [net]", "6:25: expected one of network, pid, ipc, uts, user, cgroup, not \"net\"")]
    [InlineData("privileged: 1", "6:19: expected one of true, false, not \"1\"")]
    [InlineData("user: nonroot", "6:13: expected one of any, non-root, not \"nonroot\"; did you mean \"non-root\"?")]
    [InlineData("memory: 2g", "6:15: expected a mapping, not text")]
    [InlineData("memory: {max: 2g}", "6:15: missing key \"default\"; write memory: {default: …, max: …}")]
    [InlineData("memory: {default: 4g, max: 2g}", "6:25: the default of memory is more than its max")]
    [InlineData("memory: {default: 0, max: 2g}", "6:25: \"0\" is not a size: write bytes or 512m, 2g")]
    [InlineData("memory: {default: 1.5g, max: 2g}", "6:25: \"1.5g\" is not a size: write bytes or 512m, 2g")]
    [InlineData("memory: {default: -1, max: 2g}", "6:25: \"-1\" is not a size: write bytes or 512m, 2g")]
    [InlineData("memory: {default: 1m, max: 9000000000g}", "6:34: \"9000000000g\" is not a size: write bytes or 512m, 2g")]
    [InlineData("cpus: {default: \"0\", max: \"1\"}", "6:23: \"0\" is not a number of CPUs: write \"1\" or \"1.5\"")]
    [InlineData("cpus: {default: \".5\", max: \"1\"}", "6:23: \".5\" is not a number of CPUs: write \"1\" or \"1.5\"")]
    [InlineData("cpus: {default: \"1e1\", max: \"1\"}", "6:23: \"1e1\" is not a number of CPUs: write \"1\" or \"1.5\"")]
    [InlineData("pids: {default: 0, max: 10}", "6:23: \"0\" is not a number of processes from 1 to 4194304")]
    public void RefusesGrant(string grants, string expected) => Refuses(Snippet.Grants(grants), expected);

    [Theory]
    [InlineData("{source: srv, access: ro}", "6:24: \"srv\" is not an absolute path")]
    [InlineData("{source: /srv/, access: ro}", "6:24: \"/srv/\" ends in a slash")]
    [InlineData("{source: /srv//a, access: ro}", "6:24: \"/srv//a\" is not a clean path: no \"//\", \".\" or \"..\"")]
    [InlineData("{source: /srv/../etc, access: ro}", "6:24: \"/srv/../etc\" is not a clean path: no \"//\", \".\" or \"..\"")]
    [InlineData("{source: \"/srv/a-${user}\", access: ro}", "6:24: ${user} must be a whole component, between slashes: beside other characters one user's name could be the start of another's")]
    [InlineData("{source: \"/srv/${group}\", access: ro}", "6:24: not supported yet: ${group}")]
    [InlineData("{access: ro}", "6:15: missing key \"source\"; write source: /path")]
    [InlineData("{source: /srv/a}", "6:15: missing key \"access\"; write access: ro or access: rw")]
    [InlineData("{source: /srv/a, access: r}", "6:40: expected one of ro, rw, not \"r\"; did you mean \"ro\"?")]
    [InlineData("{source: /srv/a, access: ro, inside: true}", "6:44: not supported yet: inside")]
    [InlineData("{source: /srv/a, access: rw, setuid: yes}", "6:24: bind source \"/srv/a\" is read-write, so root in a container could leave a set-uid program there for a local account; mount its file system nosuid,nodev, or set \"user: non-root\", or write \"setuid: accepted\" to accept that", "6:52: expected \"accepted\", not \"yes\"")]
    [InlineData("{source: \"/srv/data/${user}\", access: rw}", "6:24: bind source \"/srv/data/${user}\" is read-write, so root in a container could leave a set-uid program there for a local account; mount its file system nosuid,nodev, or set \"user: non-root\", or write \"setuid: accepted\" to accept that")]
    [InlineData("{source: /, access: ro}", "6:24: bind source \"/\" is not for a role without \"root-equivalent: true\": it holds /proc")]
    [InlineData("{source: /etc, access: ro}", "6:24: bind source \"/etc\" is not for a role without \"root-equivalent: true\": it is /etc")]
    [InlineData("{source: /etc/ssl, access: ro}", "6:24: bind source \"/etc/ssl\" is not for a role without \"root-equivalent: true\": it lies below /etc")]
    [InlineData("{source: /var, access: ro}", "6:24: bind source \"/var\" is not for a role without \"root-equivalent: true\": it holds /var/run")]
    [InlineData("{source: /var/run/docker.sock, access: ro}", "6:24: bind source \"/var/run/docker.sock\" is not for a role without \"root-equivalent: true\": it lies below /var/run")]
    [InlineData("{source: /lib64/x, access: ro}", "6:24: bind source \"/lib64/x\" is not for a role without \"root-equivalent: true\": it lies below /lib*")]
    [InlineData("{source: \"/${user}\", access: ro}", "6:24: bind source \"/${user}\" is not for a role without \"root-equivalent: true\": it may be /proc")]
    [InlineData("{source: \"/var/lib/${user}/x\", access: ro}", "6:24: bind source \"/var/lib/${user}/x\" is not for a role without \"root-equivalent: true\": it lies below /var/lib/docker")]
    [InlineData("{source: /var/lib/docker-gateway/x, access: ro}", "6:24: bind source \"/var/lib/docker-gateway/x\" is not for a role without \"root-equivalent: true\": it lies below /var/lib/docker-gateway")]
    public void RefusesBind(string bind, params string[] expected)
    {
        using var dir = new PolicyDirectory();
        dir.Write("p.yaml", Snippet.Grants($"binds: [{bind}]"));
        var options = PolicyDirectory.OrdinaryHost with { ProtectedPaths = ["/var/lib/docker-gateway"] };
        Assert.Equal(expected.Select(e => "p.yaml:" + e), dir.Errors(options));
    }

    [Theory]
    [InlineData("users: {Alice: {roles: [r]}}", "3:9: \"Alice\" is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit")]
    [InlineData("users: {library: {roles: [r]}}", "3:9: \"library\" cannot be a user's name: docker.io/library holds the official images")]
    [InlineData("users: {alice: {}}", "3:16: missing key \"roles\"; write roles: [NAME]")]
    [InlineData("users: {alice: {roles: r}}", "3:24: expected a list, not text; write [a, b]")]
    [InlineData("users: {alice: {roles: [rr]}}", "3:25: unknown role \"rr\"; did you mean \"r\"?")]
    [InlineData("users: {alice: {roles: [r], unix: alice}}", "3:29: not supported yet: unix")]
    [InlineData("users: {alice: {roles: [r], certificate: {}}}", "3:42: missing key \"spki\"; write spki: \"sha256:BASE64\"")]
    [InlineData("users: {alice: {roles: [r], certificate: {spki: \"sha256:AAAA\"}}}", "3:49: \"sha256:AAAA\" is not a public key's pin: write sha256: and the base64 of 32 bytes")]
    [InlineData("users: {a: {roles: [r], certificate: {spki: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\"}}}", "3:45: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\" is not a public key's pin: write sha256: and the base64 of 32 bytes")]
    [InlineData("users: {a: {roles: [r], certificate: {spki: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}, b: {roles: [r], certificate: {spki: \"sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}}", "3:138: this public key is already pinned at p.yaml:3:45")]
    [InlineData("groups: {g: {roles: [q]}}", "3:22: unknown role \"q\"; did you mean \"r\"?")]
    [InlineData("groups: {g: {roles: [r], unix-group: g}}", "3:26: not supported yet: unix-group")]
    [InlineData("groups: {g: {roles: [r], organization: On Call}}", "3:40: \"On Call\" is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit")]
    [InlineData("groups: {g: {roles: [r], members: [Bob]}}", "3:36: \"Bob\" is not a name: 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit")]
    [InlineData("groups: {a: {roles: [r]}}\nusers: {a: {roles: [r]}}", "3:10: group \"a\" has the name of a user, who stands at p.yaml:4:9")]
    public void RefusesUserOrGroup(string section, string expected) =>
        Refuses("version: 1\nroles: {r: {rules: []}}\n" + section, expected);

    private static void Refuses(string text, params string[] expected)
    {
        using var dir = new PolicyDirectory();
        dir.Write("p.yaml", text);
        Assert.Null(dir.Load().Policy);
        Assert.Equal(expected.Select(e => "p.yaml:" + e), dir.Errors());
    }
}
