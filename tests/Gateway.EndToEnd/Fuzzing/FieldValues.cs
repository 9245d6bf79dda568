namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// What stands in fields, by their names: what roles are granted, what lies right beside that, and what reaches the host. <c>&lt;c&gt;</c>,
/// <c>&lt;v&gt;</c>, <c>&lt;n&gt;</c>, <c>&lt;i&gt;</c> and <c>&lt;e&gt;</c> stand for an own container, volume, network, image and exec; in upper case for anybody's.
/// </summary>
internal static class FieldValues
{
    private static readonly string[] AnyText = ["", "x", "host", "<c>", "<C>", "<V>", "<N>", "busybox", "/", "/etc", "../x", "true", "0"];

    private static readonly Dictionary<string, string[]> Texts = new(StringComparer.Ordinal)
    {
        ["Image"] = ["busybox", "<i>", "<I>", "<i>", "quay.io/x/y"],
        ["User"] = ["1000:1000", "1000", "0", "root", "+0", "1000:0", "65534", "00", "2147483648"],
        ["Cmd"] = ["true", "sleep", "id"],
        ["Entrypoint"] = ["/bin/true", "/bin/sh"],
        ["Env"] = ["A=B", "A", "=", "PATH=/x"],
        ["Shell"] = ["/bin/sh"],
        ["Hostname"] = ["h", "h", "fz-bob-c", "a.b", "<C>"],
        ["Domainname"] = ["d", "example.com"],
        ["WorkingDir"] = ["/", "/tmp", "/proc/self/root", ".."],
        ["StopSignal"] = ["SIGTERM", "9", "SIGNOPE"],
        ["MacAddress"] = ["", "02:42:ac:11:00:02"],
        ["OnBuild"] = ["RUN x"],
        ["Test"] = ["NONE", "CMD", "CMD-SHELL"],
        ["Binds"] = ["<v>:/h", "<s>/a:/h:ro", "<V>:/h:ro", "/:/h", "<f>:/h:ro", "<f>:/h", "<f>/../secret:/h", "<f>/marker:/h", "<g>:/h", "<g>/project:/h", "<g>/out:/h", "<g>/../secret:/h", "<g>/project/../../../secret:/h:ro", "<s>/a:/h:ro", "<s>/a:/h", "<s>:/h:rw", "<f>:/h:ro,rshared", "/h", "fz-new:/h", "<f>:/h:z", "gateway-folder.srv:/h"],
        ["NetworkMode"] = ["bridge", "none", "<n>", "<N>", "fz-shared", "host", "default", "container:<c>", "container:<C>"],
        ["PidMode"] = ["", "container:<c>", "host", "container:<C>", "private"],
        ["IpcMode"] = ["", "private", "shareable", "none", "host", "container:<c>", "container:<C>"],
        ["UTSMode"] = ["", "host", "container:<C>"],
        ["UsernsMode"] = ["", "", "host"],
        ["CgroupnsMode"] = ["private", "host", ""],
        ["Cgroup"] = ["", "", "container:<C>"],
        ["CgroupParent"] = ["", "", "/", "../x", "docker"],
        ["CapAdd"] = ["NET_ADMIN", "CAP_IPC_LOCK", "net_admin", "SYS_ADMIN", "ALL", "SYS_PTRACE", "DAC_READ_SEARCH", "CAP_CAP_NET_ADMIN", "NET_RAW"],
        ["CapDrop"] = ["ALL", "MKNOD", "CAP_CHOWN"],
        ["Dns"] = ["1.1.1.1", "127.0.0.1", "::1", "x"],
        ["DnsOptions"] = ["ndots:2"],
        ["DnsSearch"] = ["example.com", "."],
        ["ExtraHosts"] = ["x:1.2.3.4", "x:1.2.3.5", "x:host-gateway"],
        ["GroupAdd"] = ["1000", "1000", "0", "docker"],
        ["Links"] = ["<c>:x", "<c>:y", "<C>:x", "/<C>:/x", "<C>"],
        ["VolumesFrom"] = ["<c>", "<c>:ro", "<C>", "<C>:rw", "<c>:z"],
        ["VolumeDriver"] = ["", "local", "nfs"],
        ["ContainerIDFile"] = ["", "", "/etc/x"],
        ["SecurityOpt"] = ["no-new-privileges", "no-new-privileges=false", "label=disable", "label:disable", "label=type:x", "seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined", "seccomp={\"defaultAction\":\"SCMP_ACT_ALLOW\"}"],
        ["Runtime"] = ["", "runc", "io.containerd.runc.v2", "io.containerd.runtime.v1.linux", "/bin/sh"],
        ["Isolation"] = ["", "default", "hyperv"],
        ["MaskedPaths"] = ["/x", "/proc/kcore"],
        ["ReadonlyPaths"] = ["/x"],
        ["CpusetCpus"] = ["0", "0-1"],
        ["CpusetMems"] = ["0"],
        ["PathOnHost"] = ["/dev/null", "/dev/fuse", "/dev/kmsg", "/dev/../dev/kmsg", "/dev/fuse/../kmsg", "/etc/passwd", "/dev"],
        ["PathInContainer"] = ["/dev/x", "/dev/null", "/etc/passwd"],
        ["CgroupPermissions"] = ["r", "rwm", "rw", "rr", "wm"],
        ["DeviceCgroupRules"] = ["a *:* rwm", "c 1:3 r"],
        ["DeviceIDs"] = ["0", "vendor.com/x=y"],
        ["Capabilities"] = ["gpu", "CAP_NET_ADMIN", "SYS_ADMIN"],
        ["Path"] = ["/dev/vda", "/dev/null"],
        ["HostIp"] = ["127.0.0.1", "127.0.0.1", "::1", "", "0.0.0.0", "127.0.0.2", "127.1"],
        ["HostPort"] = ["20001", "20777", "20005-20006", "", "443", "80", "29999-30001", "020001", "65536"],
        ["Name"] = ["fz-new", "<V>", "<N>", "local", "nofile", "memlock", "no", "on-failure", "host", "x"],
        ["Source"] = ["<v>", "<V>", "/", "<f>", "<g>/project", "<g>/out", "<s>/a", "/etc", "busybox", "fz-new", "<I>", "gateway-folder.srv", "<g>/./project", "<f>/"],
        ["Target"] = ["/h", "/", "/proc/x", "/h/../proc", "/etc/passwd"],
        ["Consistency"] = ["", "default", "cached"],
        ["Propagation"] = ["", "rprivate", "rshared", "slave"],
        ["Subpath"] = ["", "a", "../..", "/etc", "a/../../b"],
        ["Driver"] = ["", "local", "bridge", "default", "macvlan", "host", "overlay", "nfs", "null", "cdi", "nvidia"],
        ["Scope"] = ["", "local", "swarm", "single"],
        ["Network"] = ["<n>", "<N>", ""],
        ["Subnet"] = ["10.128.77.0/24", "10.128.0.0/9", "10.129.0.0/16", "0.0.0.0/0", "192.168.250.0/24", "2001:db8::/64"],
        ["IPRange"] = ["10.128.77.0/28", "0.0.0.0/0"],
        ["Gateway"] = ["10.128.77.1", "127.0.0.1"],
        ["IPv4Address"] = ["10.128.77.9", "127.0.0.1"],
        ["IPv6Address"] = ["2001:db8::9"],
        ["LinkLocalIPs"] = ["169.254.1.1"],
        ["Aliases"] = ["x", "fz-bob-c", "<C>"],
        ["DNSNames"] = ["x", "fz-bob-c"],
        ["NetworkID"] = ["", "<n>", "<N>"],
        ["EndpointID"] = ["", "", "x"],
        ["Container"] = ["<c>", "<C>"],
        ["CheckpointID"] = ["x"],
        ["CheckpointDir"] = ["/etc"],
        ["Resource"] = ["/etc/passwd"],
        ["DetachKeys"] = ["", "a", "ctrl-p,ctrl-q"],
        ["Type"] = ["volume", "bind", "tmpfs", "image", "cluster", "npipe", "Bind", "json-file", "local", "fluentd", "syslog", "container"],
        ["serveraddress"] = ["127.0.0.1:9", "https://index.docker.io/v1/", "localhost"],
        ["ListenAddr"] = ["127.0.0.1:9"],
        ["AdvertiseAddr"] = ["127.0.0.1"],
    };

    private static readonly Dictionary<string, string[]> ListsOf = new(StringComparer.Ordinal)
    {
        ["Cmd"] = ["[\"sleep\",\"3\"]", "[\"true\"]", "[\"cat\",\"/h/marker\"]", "[\"env\"]", "[\"sh\",\"-c\",\"ls -R /h; cat /h/marker /h/*/marker; ip addr; id\"]"],
        ["Test"] = ["[\"NONE\"]", "[\"CMD\",\"true\"]", "[]"],
        ["ConsoleSize"] = ["[1,2]", "[0,0]", "[1]"],
        ["Options"] = ["[[\"exec\"]]", "[[\"size\",\"1m\"]]", "[[\"ro\"]]"],
        ["Capabilities"] = ["[[\"gpu\"]]", "[[]]", "[\"CAP_NET_ADMIN\"]"],
    };

    private static readonly Dictionary<string, string[]> MapsOf = new(StringComparer.Ordinal)
    {
        ["Labels"] = ["{\"a\":\"b\"}", "{\"gateway.owner\":\"bob\"}", "{\"gateway.owner\":\"root\",\"a\":\"b\"}", "{\"gateway.folder\":\"/etc\"}", "{\"traefik.enable\":\"true\"}", "{\"Traefik.x\":\"1\"}", "{\"com.docker.stack.namespace\":\"x\"}", "{\"team\":\"fz\"}"],
        ["Sysctls"] = ["{\"net.ipv4.ip_unprivileged_port_start\":\"0\"}", "{\"kernel.msgmax\":\"65536\"}", "{\"net.ipv4.ip_forward\":\"1\"}", "{\"kernel.core_pattern\":\"x\"}", "{\"net/ipv4/ip_forward\":\"1\"}"],
        ["Config"] = ["{}", "{\"max-size\":\"1m\"}", "{\"max-size\":\"1m\",\"max-file\":\"2\"}", "{\"syslog-address\":\"udp://127.0.0.1:9\"}", "{\"fluentd-address\":\"127.0.0.1:24224\"}", "{\"fluentd-address\":\"127.0.0.1:9\"}", "{\"labels\":\"a\"}", "{\"tag\":\"x\"}"],
        ["Tmpfs"] = ["{\"/t\":\"size=1m\"}", "{\"/t\":\"\"}", "{\"/t\":\"exec,suid,dev\"}", "{\"/sys/x\":\"\"}", "{\"/dev/shm\":\"size=1m\"}"],
        ["StorageOpt"] = ["{\"size\":\"1T\"}", "{}"],
        ["Annotations"] = ["{\"a\":\"b\"}", "{}"],
        ["Options"] = ["{}", "{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}", "{\"com.docker.network.driver.mtu\":\"1400\"}", "{\"com.docker.network.bridge.name\":\"docker0\"}", "{\"a\":\"b\"}", "{\"com.docker.network.bridge.enable_icc\":\"false\"}"],
        ["DriverOpts"] = ["{}", "{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}", "{\"a\":\"b\"}", "{\"type\":\"tmpfs\",\"device\":\"tmpfs\"}"],
        ["Volumes"] = ["{\"/anon\":{}}", "{\"/etc:/h\":{}}", "{\"/anon\":null}"],
        ["ExposedPorts"] = ["{\"80/tcp\":{}}", "{\"1-65535/tcp\":{}}", "{\"80\":{}}"],
        ["AuxiliaryAddresses"] = ["{\"x\":\"10.128.77.5\"}", "{}"],
        ["PortBindings"] = ["{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"20777\"}]}", "{\"80/tcp\":[{\"HostIp\":\"::1\",\"HostPort\":\"20003\"}]}", "{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}", "{\"80/tcp\":null}"],
        ["EndpointsConfig"] = ["{\"<n>\":{}}", "{\"<N>\":{}}", "{\"bridge\":{}}", "{\"fz-shared\":{\"Aliases\":[\"fz-bob-c\"]}}"],
    };

    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.Ordinal)
    {
        ["EndpointsConfig"] = ["<n>", "<N>", "bridge", "fz-shared", "host"],
        ["PortBindings"] = ["80/tcp", "80", "80-90/tcp", "53/udp"],
    };

    private static readonly Dictionary<string, string[]> Numbers = new(StringComparer.Ordinal)
    {
        ["Memory"] = ["67108864", "134217728", "6291456", "0", "-1", "99999999999999"],
        ["MemorySwap"] = ["134217728", "134217728", "-1", "0", "99999999999999"],
        ["MemoryReservation"] = ["6291456", "6291456", "99999999999999"],
        ["PidsLimit"] = ["10", "64", "0", "-1", "4096"],
        ["NanoCpus"] = ["500000000", "1000000000", "64000000000", "-1"],
        ["CpuQuota"] = ["50000", "50000", "9000000", "-1"],
        ["CpuPeriod"] = ["100000", "100000", "1000"],
        ["CpuShares"] = ["512", "512", "262144"],
        ["ShmSize"] = ["1048576", "1048576", "99999999999", "-1"],
        ["OomScoreAdj"] = ["0", "100", "-1000"],
        ["Soft"] = ["10", "1024", "2048", "-1"],
        ["Hard"] = ["1024", "2048", "1048576", "4096", "-1"],
        ["StopTimeout"] = ["1", "2", "-1", "99999"],
        ["SizeBytes"] = ["1048576", "1048576", "0", "99999999999999"],
        ["Mode"] = ["511", "2541", "4294967295"],
        ["Interval"] = ["1000000000", "90000000000", "1"],
        ["StartInterval"] = ["1000000000", "1000000000", "1"],
        ["MaximumRetryCount"] = ["0", "3", "-5"],
        ["Count"] = ["1", "2", "-1"],
    };

    private static readonly string[] AnyNumber = ["0", "0", "1", "-1", "100", "99999999999999"];

    /// <summary>What stands beside each other in a structure, by where it is.</summary>
    private static readonly Dictionary<string, (string Name, string Value)[][]> Sets = new(StringComparer.Ordinal)
    {
        ["ContainerCreateBody"] = [[("Image", "\"busybox\""), ("Cmd", "[\"sleep\",\"3\"]")], [("Image", "\"busybox\""), ("User", "\"1000:1000\""), ("Cmd", "[\"sh\",\"-c\",\"cat /h/marker /h/*/marker; sleep 2\"]")], [("Image", "\"<i>\""), ("User", "\"1000:1000\"")]],
        ["ExecCreateBody"] = [[("Cmd", "[\"env\"]")], [("Cmd", "[\"id\"]"), ("User", "\"1000:1000\""), ("AttachStdout", "true")]],
        ["VolumeCreateBody"] = [[("Name", "\"fz-new\"")], []],
        ["NetworkCreateBody"] = [[("Name", "\"fz-new\"")], [("Name", "\"fz-new\""), ("CheckDuplicate", "true")]],
        ["NetworkConnectBody"] = [[("Container", "\"<c>\"")], [("Container", "\"<C>\"")]],
        ["NetworkDisconnectBody"] = [[("Container", "\"<c>\"")], [("Container", "\"<C>\"")]],
        ["Mounts[]"] = [[("Type", "\"volume\""), ("Source", "\"<v>\""), ("Target", "\"/h\"")], [("Type", "\"volume\""), ("Target", "\"/h\"")], [("Type", "\"tmpfs\""), ("Target", "\"/h\"")], [("Type", "\"bind\""), ("Source", "\"<f>\""), ("Target", "\"/h\""), ("ReadOnly", "true")], [("Type", "\"bind\""), ("Source", "\"<g>/project\""), ("Target", "\"/h\"")], [("Type", "\"bind\""), ("Source", "\"<s>/a\""), ("Target", "\"/h\""), ("ReadOnly", "true")], [("Type", "\"image\""), ("Source", "\"busybox\""), ("Target", "\"/h\""), ("ReadOnly", "true")]],
        ["Devices[]"] = [[("PathOnHost", "\"/dev/null\""), ("PathInContainer", "\"/dev/x\""), ("CgroupPermissions", "\"r\"")], [("PathOnHost", "\"/dev/fuse\""), ("PathInContainer", "\"/dev/fuse\""), ("CgroupPermissions", "\"rwm\"")]],
        ["DeviceRequests[]"] = [[("Count", "-1"), ("Capabilities", "[[\"gpu\"]]")], [("Driver", "\"cdi\""), ("DeviceIDs", "[\"vendor.com/x=y\"]")]],
        ["Ulimits[]"] = [[("Name", "\"nofile\""), ("Soft", "10"), ("Hard", "1024")], [("Name", "\"memlock\""), ("Soft", "1024"), ("Hard", "1048576")], [("Name", "\"rtprio\""), ("Soft", "9"), ("Hard", "9")]],
        ["PortBindings[]"] = [[("HostIp", "\"127.0.0.1\""), ("HostPort", "\"20777\"")], [("HostIp", "\"127.0.0.1\""), ("HostPort", "\"20005\"")]],
        ["LogConfig"] = [[("Type", "\"json-file\"")], [("Type", "\"local\"")], [("Type", "\"fluentd\"")]],
        ["RestartPolicy"] = [[("Name", "\"no\"")], [("Name", "\"on-failure\"")], [("Name", "\"always\"")]],
        ["Healthcheck"] = [[("Test", "[\"CMD\",\"true\"]")]],
        ["Config[]"] = [[("Subnet", "\"10.128.77.0/24\"")], [("Subnet", "\"10.128.78.0/24\"")]],
        ["AuthBody"] = [[("username", "\"x\""), ("password", "\"y\""), ("serveraddress", "\"https://index.docker.io/v1/\"")]],
        ["BlkioWeightDevice[]"] = [[("Path", "\"/dev/vda\""), ("Weight", "10")]],
    };

    public static string Text(Dice dice, string name) => Lean(dice, Texts.TryGetValue(name, out var texts) && !dice.OneIn(20) ? texts : AnyText);

    public static string Number(Dice dice, string name) => Lean(dice, Numbers.TryGetValue(name, out var numbers) && !dice.OneIn(20) ? numbers : AnyNumber);

    public static string Key(Dice dice, string name) => dice.Of(Keys.TryGetValue(name, out var keys) ? keys : AnyText);

    // What is harmless, or granted to some role, stands first: refused for one field, a body says nothing of the others.
    private static string Lean(Dice dice, string[] values) => dice.OneIn(2) ? values[dice.Below(Math.Min(2, values.Length))] : dice.Of(values);

    /// <summary>Whole lists for a field, or null where any of its entries will do.</summary>
    public static IReadOnlyList<string>? Lists(string name) => ListsOf.GetValueOrDefault(name);

    public static IReadOnlyList<string>? Maps(string name) => MapsOf.GetValueOrDefault(name);

    public static IEnumerable<(string Name, string Value)> Beside(Dice dice, string place) => Sets.TryGetValue(place, out var sets) ? dice.Of(sets) : [];
}
