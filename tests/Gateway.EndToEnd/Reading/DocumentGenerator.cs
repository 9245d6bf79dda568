using System.Globalization;

namespace Gateway.EndToEnd.Reading;

/// <summary>Makes valid bodies with any part of the fields that an engine of the given API version has. Nothing of them is started.</summary>
internal sealed class DocumentGenerator(Random random, int api)
{
    private const long Second = 1_000_000_000;
    private const long Mebi = 1 << 20;

    public Structure Container()
    {
        var body = Some(
            ("Hostname", () => Word()),
            ("Domainname", () => Word()),
            ("User", () => Pick("1000", "1000:1000", "root", "")),
            ("AttachStdin", Flag),
            ("AttachStdout", Flag),
            ("AttachStderr", Flag),
            ("ExposedPorts", () => new FreeMap([($"{random.Next(1, 65535)}/tcp", new Structure()), ($"{random.Next(1, 65535)}/udp", new Structure())])),
            ("Tty", Flag),
            ("OpenStdin", Flag),
            ("StdinOnce", Flag),
            ("Env", () => Words("A=", "B=ü", "C=\"x\\y\"")),
            ("Cmd", () => Command()),
            ("Healthcheck", () => Some(
                ("Test", () => Words("CMD", "true")),
                ("Interval", () => random.Next(1, 90) * Second),
                ("Timeout", () => random.Next(1, 90) * Second),
                ("StartPeriod", () => random.Next(1, 90) * Second),
                ("Retries", () => random.Next(1, 9)))),
            ("ArgsEscaped", Flag),
            ("Volumes", () => new FreeMap([("/anonymous", new Structure())])),
            ("WorkingDir", () => "/w/" + Word()),
            ("Entrypoint", () => Command()),
            ("NetworkDisabled", Flag),
            ("OnBuild", () => Words("RUN x")),
            ("Labels", () => Map("a.b", "A.B", "ſ")),
            ("StopSignal", () => Pick("SIGINT", "SIGTERM", "9")),
            ("StopTimeout", () => random.Next(0, 100)),
            ("Shell", () => Command()));
        body.Add("Image", "busybox").Add("HostConfig", random.Next(12) == 0 ? null : Host());
        return Shuffled(random.Next(3) == 0 ? body.Add("NetworkingConfig", Networking()) : body);
    }

    public Structure Update() => Shuffled(Some(
        ("CpuShares", () => random.Next(2, 2000)),
        ("BlkioWeight", () => 0),
        ("CgroupParent", () => ""),
        ("Devices", () => null),
        ("RestartPolicy", Restart),
        ("PidsLimit", () => random.Next(10, 1000))));

    public Structure Exec() => Shuffled(Some(
        ("User", () => Pick("", "1000", "root")),
        ("Privileged", Flag),
        ("Tty", Flag),
        ("AttachStdin", Flag),
        ("AttachStdout", Flag),
        ("AttachStderr", Flag),
        ("Detach", Flag),
        ("DetachKeys", () => Pick("", "ctrl-p,ctrl-q", "a")),
        ("Env", () => Words("A=1", "B=")),
        ("WorkingDir", () => "/"),
        ("ConsoleSize", () => new List<int> { random.Next(100), random.Next(100) })).Add("Cmd", Words("echo", Word())));

    public Structure Volume(string name) => Shuffled(Some(
        ("Driver", () => Pick("", "local")),
        ("DriverOpts", () => random.Next(2) == 0 ? new FreeMap([]) : new FreeMap([("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=1m")])),
        ("Labels", () => Map("a", "A", "b.c")),
        ("ClusterVolumeSpec", () => null)).Add("Name", name));

    public Structure Network(string name) => Shuffled(Some(
        ("CheckDuplicate", Flag),
        ("Driver", () => Pick("", "bridge")),
        ("Scope", () => Pick("", "local")),
        ("EnableIPv6", () => false),
        ("IPAM", () => Some(
            ("Driver", () => Pick("", "default")),
            ("Options", () => null),
            ("Config", () => new List<object> { new Structure().Add("Subnet", $"10.{random.Next(200, 250)}.{random.Next(0, 250)}.0/24").Add("AuxiliaryAddresses", null) }))),
        ("Internal", Flag),
        ("Attachable", Flag),
        ("Ingress", () => false),
        ("ConfigOnly", () => false),
        ("ConfigFrom", () => random.Next(2) == 0 ? null : new Structure()),
        ("Options", () => new FreeMap([("com.docker.network.driver.mtu", random.Next(1300, 1500).ToString(CultureInfo.InvariantCulture))])),
        ("Labels", () => Map("x", "Y"))).Add("Name", name));

    private Structure Host()
    {
        var host = Some(
            ("Binds", () => Words("/tmp:/bound:ro", "/var/tmp:/bound2")),
            ("ContainerIDFile", () => ""),
            ("LogConfig", () => random.Next(2) == 0 ? new Structure().Add("Type", "json-file").Add("Config", new FreeMap([("max-size", "1m")])) : new Structure().Add("Type", "none")),
            ("NetworkMode", () => Pick("", "default", "bridge", "none", "host")),
            ("PortBindings", () => new FreeMap([("80/tcp", new List<object> { Some(("HostIp", () => Pick("", "127.0.0.1")), ("HostPort", () => Pick("", "20001"))) }), ("81/tcp", null)])),
            ("RestartPolicy", Restart),
            ("VolumeDriver", () => ""),
            ("VolumesFrom", () => null),
            ("CapAdd", () => new TextOrTexts(Pick("NET_ADMIN", "cap_sys_time", "all"))),
            ("CapDrop", () => new TextOrTexts("MKNOD")),
            ("Dns", () => Words("1.1.1.1", "2001:db8::1")),
            ("DnsOptions", () => Words("ndots:2")),
            ("DnsSearch", () => Words("example.com")),
            ("ExtraHosts", () => Words("a:1.2.3.4", "b:host-gateway")),
            ("GroupAdd", () => Words("1000", "users")),
            ("IpcMode", () => Pick("", "private", "shareable", "host", "none")),
            ("Cgroup", () => ""),
            ("Links", () => null),
            ("OomScoreAdj", () => random.Next(0, 1000)),
            ("PidMode", () => Pick("", "host")),
            ("Privileged", Flag),
            ("PublishAllPorts", Flag),
            ("ReadonlyRootfs", Flag),
            ("SecurityOpt", () => Words(Pick("no-new-privileges", "label:disable", "seccomp=unconfined"))),
            ("StorageOpt", () => new FreeMap([])),
            ("Tmpfs", () => new FreeMap([("/t", "rw,size=1m")])),
            ("UTSMode", () => Pick("", "host")),
            ("UsernsMode", () => Pick("", "host")),
            ("ShmSize", () => random.Next(1, 64) * Mebi),
            ("Sysctls", () => new FreeMap([("kernel.shmmax", "123456")])),
            ("Isolation", () => Pick("", "default")),
            ("Mounts", Mounts),
            ("MaskedPaths", () => random.Next(2) == 0 ? null : Words("/proc/kcore")),
            ("ReadonlyPaths", () => new List<string>()),
            ("Init", Flag));
        host.AddRange(Limits());
        return Shuffled(host);
    }

    private Structure Limits()
    {
        var limits = Some(
            ("CpuShares", () => random.Next(2, 2000)),
            ("NanoCpus", () => random.Next(1, 10) * 100_000_000L),
            ("CgroupParent", () => ""),
            ("BlkioWeight", () => 0),
            ("BlkioDeviceReadBps", () => new List<object>()),
            ("CpusetCpus", () => "0"),
            ("Devices", () => new List<object> { new Structure().Add("PathOnHost", "/dev/null").Add("PathInContainer", "/dev/n").Add("CgroupPermissions", "rwm") }),
            ("DeviceCgroupRules", () => Words("c 1:3 r")),
            ("DeviceRequests", () => null),
            ("KernelMemory", () => 0),
            ("MemorySwappiness", () => null),
            ("OomKillDisable", () => false),
            ("PidsLimit", () => Pick<object?>(0, -1, 100, null)),
            ("Ulimits", () => new List<object> { new Structure().Add("Name", "nofile").Add("Soft", 100).Add("Hard", 200) }),
            ("CpuCount", () => 0),
            ("IOMaximumBandwidth", () => 0));
        return random.Next(2) == 0 ? limits : limits.Add("Memory", random.Next(16, 64) * Mebi).Add("MemorySwap", -1);
    }

    private List<object> Mounts()
    {
        List<object> mounts =
        [
            new Structure().Add("Type", "bind").Add("Source", "/tmp").Add("Target", "/m1").Add("ReadOnly", Flag()).Add("BindOptions", Some(("Propagation", () => Pick("", "rprivate", "rslave")), ("NonRecursive", Flag))),
            new Structure().Add("Type", "tmpfs").Add("Target", "/m2").Add("TmpfsOptions", Some(("SizeBytes", () => random.Next(1, 9) * Mebi), ("Mode", () => 448))),
            new Structure().Add("Type", "volume").Add("Target", "/m3").Add("VolumeOptions", Some(("NoCopy", Flag), ("Labels", () => Map("l")))),
        ];
        return [.. mounts.Where(_ => random.Next(2) == 0)];
    }

    private Structure Networking() => new Structure().Add("EndpointsConfig", Pick<object?>(null, new FreeMap([]), new FreeMap([("bridge", Some(("DriverOpts", () => Map("o")), ("IPAMConfig", () => null), ("IPAddress", () => ""), ("IPPrefixLen", () => 0)))])));

    private Structure Restart() => new Structure().Add("Name", Pick("", "no", "on-failure", "unless-stopped")) is var policy && policy[0].Value is "on-failure" ? policy.Add("MaximumRetryCount", random.Next(0, 5)) : policy.Add("MaximumRetryCount", 0);

    private TextOrTexts Command() => random.Next(3) switch { 0 => new TextOrTexts("sh"), 1 => new TextOrTexts("sh", "-c", Word()), _ => new TextOrTexts("echo", "ä\"\\/\n") };

    /// <summary>Each with even odds, now and then as a null, which says nothing; a version may lack some.</summary>
    private Structure Some(params (string Name, Func<object?> Make)[] fields)
    {
        var structure = new Structure();
        foreach (var (name, make) in fields.Where(f => api >= 42 || f.Name != "ConsoleSize").Where(_ => random.Next(3) == 0))
        {
            structure.Add(name, random.Next(10) == 0 ? null : make());
        }

        return structure;
    }

    private Structure Shuffled(Structure structure)
    {
        var members = structure.ToArray();
        random.Shuffle(members);
        structure.Clear();
        structure.AddRange(members);
        return structure;
    }

    private object? Flag() => random.Next(2) == 0;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];

    private List<string> Words(params string[] words) => [.. words.Take(random.Next(words.Length + 1))];

    private FreeMap Map(params string[] keys) => new(keys.Select(key => (key, (object?)Word())));

    private string Word() => "w" + random.Next(100_000).ToString(CultureInfo.InvariantCulture);
}
