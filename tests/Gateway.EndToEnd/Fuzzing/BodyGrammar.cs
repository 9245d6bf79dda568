using System.Text;
using System.Text.RegularExpressions;
using Gateway.EngineApi.Documents;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>
/// Bodies of the operations that have one: a harmless one, a few fields more that ask for the host or for another's, each written
/// the way an engine might read and a gateway might not.
/// </summary>
internal static partial class BodyGrammar
{
    private static readonly string[] HostFields =
    [
        "\"Privileged\":true", "\"Privileged\":\"true\"", "\"Privileged\":1", "\"CapAdd\":[\"SYS_ADMIN\"]", "\"CapAdd\":\"ALL\"", "\"CapAdd\":[\"cap_sys_ptrace\"]", "\"CapAdd\":[null,\"ALL\"]",
        "\"Binds\":[\"/:/h\"]", "\"Binds\":[\"/etc/../:/h:ro\"]", "\"Binds\":[\"//:/h\"]", "\"Binds\":[\"./x:/h\"]", "\"Binds\":[\"/var/run/docker.sock:/s\"]", "\"Binds\":[\"@B:/h\"]", "\"Binds\":[\"fz:/h:z,nocopy\"]", "\"Binds\":[\"/h\"]", "\"Binds\":\"/:/h\"",
        "\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/\",\"Target\":\"/h\"}]", "\"Mounts\":[{\"type\":\"bind\",\"SOURCE\":\"/etc\",\"target\":\"/h\"}]", "\"Mounts\":[{\"Type\":\"Bind\",\"Source\":\"/etc\",\"Target\":\"/h\"}]",
        "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"@B\",\"Target\":\"/h\"}]", "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/h\",\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"local\",\"Options\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}}}}]",
        "\"Mounts\":[{\"Type\":\"volume\",\"Target\":\"/h\",\"VolumeOptions\":{\"Labels\":{\"gateway.owner\":\"bob\"}}}]", "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/proc\"}]", "\"Mounts\":[{\"Type\":\"tmpfs\",\"Target\":\"/t\",\"TmpfsOptions\":{\"SizeBytes\":99999999999999}}]",
        "\"Mounts\":[{\"Type\":\"image\",\"Source\":\"busybox\",\"Target\":\"/h\"}]", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"<v>\",\"Target\":\"/h\",\"VolumeOptions\":{\"Subpath\":\"../..\"}}]", "\"Mounts\":[{\"Target\":\"/h\",\"Source\":\"/etc\",\"ReadOnly\":true,\"Type\":\"bind\",\"BindOptions\":{\"CreateMountpoint\":true}}]", "\"Mounts\":null", "\"Mounts\":[null]",
        "\"NetworkMode\":\"host\"", "\"NetworkMode\":\"Host\"", "\"NetworkMode\":\"container:@B\"", "\"NetworkMode\":\"container:@A\"", "\"NetworkMode\":\"@B\"", "\"NetworkMode\":\"@A\"", "\"NetworkMode\":\"none\"", "\"NetworkMode\":\"default\"",
        "\"PidMode\":\"host\"", "\"PidMode\":\"HOST\"", "\"PidMode\":\"container:@B\"", "\"PidMode\":\"container:@A\"", "\"IpcMode\":\"host\"", "\"IpcMode\":\"container:@B\"", "\"IpcMode\":\"shareable\"", "\"UTSMode\":\"host\"", "\"UsernsMode\":\"host\"", "\"CgroupnsMode\":\"host\"", "\"Cgroup\":\"container:@B\"", "\"CgroupParent\":\"/\"", "\"CgroupParent\":\"../x\"",
        "\"Devices\":[{\"PathOnHost\":\"/dev/kmsg\",\"PathInContainer\":\"/dev/kmsg\",\"CgroupPermissions\":\"rwm\"}]", "\"Devices\":[{\"pathonhost\":\"/dev/null\"}]", "\"DeviceCgroupRules\":[\"a *:* rwm\"]", "\"DeviceRequests\":[{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]", "\"DeviceRequests\":[{\"Driver\":\"cdi\",\"DeviceIDs\":[\"vendor.com/x=y\"]}]",
        "\"SecurityOpt\":[\"seccomp=unconfined\"]", "\"SecurityOpt\":[\"seccomp:unconfined\"]", "\"SecurityOpt\":[\"apparmor=unconfined\"]", "\"SecurityOpt\":[\"label=disable\"]", "\"SecurityOpt\":[\"no-new-privileges\"]", "\"SecurityOpt\":[\"no-new-privileges=false\"]", "\"SecurityOpt\":[\"systempaths=unconfined\"]", "\"SecurityOpt\":[\"writable-cgroups=true\"]",
        "\"MaskedPaths\":[]", "\"ReadonlyPaths\":[]", "\"MaskedPaths\":[\"/x\"]", "\"Sysctls\":{\"net.ipv4.ip_forward\":\"1\"}", "\"Sysctls\":{\"kernel.msgmax\":\"1\"}", "\"Runtime\":\"io.containerd.runtime.v1.linux\"", "\"Runtime\":\"/bin/sh\"", "\"Runtime\":\"runc\"", "\"Annotations\":{\"a\":\"b\"}",
        "\"LogConfig\":{\"Type\":\"syslog\",\"Config\":{\"syslog-address\":\"udp://127.0.0.1:9\"}}", "\"LogConfig\":{\"Type\":\"json-file\",\"Config\":{\"env-regex\":\".*\"}}", "\"LogConfig\":{\"type\":\"fluentd\"}", "\"LogConfig\":{\"Type\":\"local\",\"Config\":{\"max-size\":\"100000g\"}}",
        "\"PublishAllPorts\":true", "\"PortBindings\":{\"80/tcp\":[{\"HostPort\":\"20001\"}]}", "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"22\"}]}", "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"29990-30010\"}]}", "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"\"}]}", "\"PortBindings\":{\"80-90/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"20100\"}]}", "\"PortBindings\":{\"80\":[{\"HostIp\":\"::1\",\"HostPort\":\"20001\"}]}", "\"PortBindings\":{\"80/tcp\":null}", "\"PortBindings\":{\"80/tcp\":[{}]}",
        "\"Memory\":-1", "\"Memory\":0", "\"Memory\":99999999999999", "\"Memory\":6291456", "\"MemorySwap\":-1", "\"MemorySwap\":99999999999999", "\"PidsLimit\":-1", "\"PidsLimit\":0", "\"NanoCpus\":64000000000", "\"NanoCpus\":-1", "\"CpuQuota\":-1", "\"CpuQuota\":9000000", "\"CpuPeriod\":1000", "\"CpuShares\":262144", "\"CpusetCpus\":\"0\"", "\"OomKillDisable\":true", "\"OomScoreAdj\":-1000", "\"KernelMemory\":1", "\"BlkioWeight\":1000", "\"CpuRealtimeRuntime\":95000",
        "\"Ulimits\":[{\"Name\":\"nofile\",\"Soft\":-1,\"Hard\":-1}]", "\"Ulimits\":[{\"Name\":\"core\",\"Soft\":1,\"Hard\":1}]", "\"ShmSize\":99999999999", "\"ShmSize\":-1", "\"GroupAdd\":[\"0\"]", "\"GroupAdd\":[\"docker\"]", "\"VolumesFrom\":[\"@B\"]", "\"VolumesFrom\":[\"@A:ro\"]", "\"VolumesFrom\":[\"@A:z\"]", "\"Links\":[\"@B:x\"]", "\"Links\":[\"@A:x\"]", "\"Links\":[\"/@B:x\"]", "\"VolumeDriver\":\"nfs\"", "\"StorageOpt\":{\"size\":\"1T\"}", "\"ContainerIDFile\":\"/etc/x\"",
        "\"RestartPolicy\":{\"Name\":\"always\"}", "\"RestartPolicy\":{\"Name\":\"always\",\"MaximumRetryCount\":-5}", "\"AutoRemove\":true", "\"Tmpfs\":{\"/t\":\"exec,suid,dev\"}", "\"Tmpfs\":{\"/t\":\"size=1m\"}", "\"Tmpfs\":{\"/sys/x\":\"\"}", "\"ExtraHosts\":[\"x:host-gateway\"]", "\"Isolation\":\"hyperv\"", "\"ReadonlyRootfs\":true", "\"Init\":true", "\"Dns\":[\"127.0.0.1\"]", "\"ConsoleSize\":[1,1]", "\"CapDrop\":[\"ALL\"]", "\"UnknownField\":1", "\"\":1",
    ];

    // What a developer may well ask for: a neighbour for what one may not.
    private static readonly string[] Harmless =
    [
        "\"AutoRemove\":false", "\"Memory\":67108864", "\"NanoCpus\":500000000", "\"PidsLimit\":10", "\"Mounts\":[{\"Type\":\"volume\",\"Source\":\"<v>\",\"Target\":\"/h\"}]", "\"Binds\":[\"<v>:/h\"]", "\"Binds\":[\"<v>:/h:ro\"]", "\"Tmpfs\":{\"/t\":\"size=1m\"}", "\"NetworkMode\":\"<n>\"", "\"NetworkMode\":\"none\"", "\"NetworkMode\":\"container:<c>\"", "\"PidMode\":\"container:<c>\"", "\"VolumesFrom\":[\"<c>\"]", "\"Links\":[\"<c>:x\"]", "\"CapDrop\":[\"ALL\"]", "\"SecurityOpt\":[\"no-new-privileges\"]", "\"ShmSize\":1048576", "\"RestartPolicy\":{\"Name\":\"no\"}", "\"PortBindings\":{\"80/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"20777\"}]}", "\"Init\":true", "\"ReadonlyRootfs\":true", "\"OomScoreAdj\":100",
    ];

    private static readonly string[] ConfigFields =
    [
        "\"Labels\":{\"gateway.owner\":\"bob\"}", "\"Labels\":{\"Gateway.Owner\":\"bob\"}", "\"Labels\":{\"gateway.owner \":\"bob\"}", "\"Labels\":{\"a\":\"b\"}", "\"labels\":{\"\\u0067ateway.owner\":\"bob\"}", "\"Labels\":{\"a\":\"1\",\"a\":\"2\"}", "\"Labels\":null",
        "\"User\":\"root\"", "\"User\":\"+0:0\"", "\"Env\":[\"A=B\"]", "\"Cmd\":[\"sleep\",\"5\"]", "\"Cmd\":\"true\"", "\"Entrypoint\":[\"/bin/sh\"]", "\"Volumes\":{\"/anon\":{}}", "\"Volumes\":{\"/etc:/h\":{}}", "\"Volumes\":{\"/:/h:rw\":{}}", "\"ExposedPorts\":{\"1-65535/tcp\":{}}", "\"OnBuild\":[\"RUN x\"]", "\"Hostname\":\"h\"", "\"MacAddress\":\"02:42:ac:11:00:02\"", "\"StopTimeout\":-1", "\"Healthcheck\":{\"Test\":[\"CMD\",\"true\"],\"Interval\":1}", "\"Healthcheck\":{\"Test\":[\"NONE\"]}", "\"NetworkDisabled\":true", "\"Tty\":true", "\"OpenStdin\":true", "\"WorkingDir\":\"/proc/self/root\"", "\"Shell\":[\"x\"]",
        "\"Image\":\"@I\"", "\"Image\":\"quay.io/x/y\"", "\"Image\":\"<I>\"", "\"image\":\"busybox@sha256:0000000000000000000000000000000000000000000000000000000000000000\"",
        "\"NetworkingConfig\":{\"EndpointsConfig\":{\"host\":{}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"@B\":{}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"@A\":{\"Aliases\":[\"x\"]}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":{\"NetworkID\":\"@B\"}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"@A\":{\"DriverOpts\":{\"com.docker.network.endpoint.sysctls\":\"net.ipv4.conf.IFNAME.log_martians=1\"}}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":{\"Links\":[\"@B:x\"]}}}", "\"NetworkingConfig\":{\"EndpointsConfig\":{\"bridge\":null}}", "\"NetworkingConfig\":null", "\"HostConfig\":null",
    ];

    private static readonly string[] NetworkFields =
    [
        "\"Driver\":\"macvlan\"", "\"Driver\":\"host\"", "\"Driver\":\"bridge\"", "\"Driver\":\"Bridge\"", "\"Options\":{\"com.docker.network.bridge.name\":\"docker0\"}", "\"Options\":{\"parent\":\"lo\"}", "\"Options\":{\"com.docker.network.driver.mtu\":\"1400\"}", "\"Scope\":\"swarm\"", "\"Ingress\":true", "\"Attachable\":true", "\"ConfigOnly\":true", "\"ConfigFrom\":{\"Network\":\"@B\"}", "\"Internal\":true", "\"IPAM\":{\"Driver\":\"null\"}", "\"IPAM\":{\"Config\":[{\"Subnet\":\"0.0.0.0/0\"}]}", "\"IPAM\":{\"Options\":{\"a\":\"b\"}}", "\"EnableIPv6\":true", "\"CheckDuplicate\":false", "\"Labels\":{\"gateway.owner\":\"bob\"}", "\"Labels\":{\"a\":\"b\"}", "\"Name\":\"@B\"", "\"Name\":\"host\"",
    ];

    private static readonly string[] VolumeFields =
    [
        "\"Driver\":\"nfs\"", "\"Driver\":\"local\"", "\"DriverOpts\":{\"type\":\"none\",\"o\":\"bind\",\"device\":\"/\"}", "\"driveropts\":{\"o\":\"bind\",\"device\":\"/etc\",\"type\":\"none\"}", "\"DriverOpts\":{\"size\":\"1g\"}", "\"Labels\":{\"gateway.owner\":\"bob\"}", "\"Labels\":{\"a\":\"b\"}", "\"Name\":\"@B\"", "\"Name\":\"../x\"", "\"ClusterVolumeSpec\":{}",
    ];

    private static readonly string[] ExecFields =
    [
        "\"Privileged\":true", "\"privileged\":true", "\"User\":\"0\"", "\"Env\":[\"A=B\"]", "\"Tty\":true", "\"Detach\":true", "\"AttachStdout\":true", "\"WorkingDir\":\"/\"", "\"Container\":\"@B\"", "\"DetachKeys\":\"a\"", "\"ConsoleSize\":[1,2]",
    ];

    private static readonly string[] OtherFields =
    [
        "\"Container\":\"@B\"", "\"Container\":\"@A\"", "\"container\":\"@B\"", "\"EndpointConfig\":{}", "\"EndpointConfig\":{\"Aliases\":[\"x\"],\"IPAMConfig\":{\"IPv4Address\":\"10.0.0.1\"}}", "\"EndpointConfig\":{\"DriverOpts\":{\"a\":\"b\"}}", "\"Force\":true", "\"Detach\":true", "\"Tty\":false", "\"username\":\"x\",\"password\":\"y\",\"serveraddress\":\"127.0.0.1:9\"", "\"ListenAddr\":\"127.0.0.1:9\"", "\"Name\":\"x\"", "\"Spec\":{}",
    ];

    /// <summary>The text of a body, for whichever operation: from the operation's own document, or out of pieces that have been of use.</summary>
    public static string Body(Dice dice, Names names, string operation)
    {
        var bent = dice.OneIn(6);
        var text = BodyCatalogue.All.TryGetValue(operation, out var body) && dice.Below(5) < 3
            ? DocumentGrammar.Document(dice, body.Document, 3, (name, value) => bent ? Member(dice, $"\"{name}\":{value}") : $"\"{name}\":{value}")
            : Pieces(dice, operation);
        text = Filled(dice, names, text, operation.StartsWith("Network", StringComparison.Ordinal) ? "container" : dice.Of((string[])["container", "container", "volume", "network"]));
        return dice.OneIn(30) ? Broken(dice, text) : text;
    }

    /// <summary>The text with names in the place of what stands for them.</summary>
    /// <param name="kind">What <c>@A</c> and <c>@B</c> are.</param>
    public static string Filled(Dice dice, Names names, string text, string kind = "container") => Placeholder().Replace(text, found => found.Value switch
    {
        "@B" => dice.Of(names.Others[kind]),
        "@A" => dice.Of(names.Own[kind]),
        "@I" or "<I>" => names.Any(dice, "image"),
        "<u>" => names.User,
        "<f>" => FuzzFolder.Plain,
        "<g>" => FuzzFolder.Inside(names.User),
        "<s>" => FuzzFolder.Shared,
        var own when char.IsLower(own[1]) => dice.Of(names.Own[Kind(own[1])]),
        var any => names.Any(dice, Kind(char.ToLowerInvariant(any[1]))),
    });

    private static string Kind(char letter) => Names.Kinds.First(kind => kind[0] == letter);

    private static string Pieces(Dice dice, string operation) => operation switch
    {
        "ContainerCreate" => Create(dice),
        "ContainerUpdate" => Members(dice, dice.OneIn(2) ? ["\"CpuShares\":512"] : [], HostFields, 2),
        "ContainerExec" => Members(dice, ["\"Cmd\":[\"true\"]"], ExecFields, 2),
        "ExecStart" => Members(dice, ["\"Detach\":true"], OtherFields, 1),
        "VolumeCreate" => Members(dice, [$"\"Name\":\"fz-{dice.Below(1000)}\""], VolumeFields, 2),
        "NetworkCreate" => Members(dice, [$"\"Name\":\"fz-{dice.Below(1000)}\""], NetworkFields, 2),
        "ImageCommit" => Members(dice, [], ConfigFields, 2),
        _ => Members(dice, [], dice.OneIn(2) ? OtherFields : [.. HostFields, .. ConfigFields], 3),
    };

    private static string Create(Dice dice)
    {
        List<string> members = ["\"Image\":\"busybox\"", "\"Cmd\":[\"sleep\",\"3\"]", .. dice.Some(ConfigFields, dice.OneIn(2) ? 0 : 2)];
        for (var i = dice.OneIn(16) ? 2 : 1; i > 0; i--)
        {
            members.Add($"\"{(dice.OneIn(4) ? Spelled(dice, "HostConfig") : "HostConfig")}\":{Members(dice, dice.OneIn(2) ? [dice.Of(Harmless)] : [], HostFields, dice.OneIn(3) ? 3 : 1)}");
        }

        // What older engines read at top level.
        members.AddRange(dice.OneIn(12) ? dice.Some(HostFields, 2) : []);
        return Members(dice, members, [], 0);
    }

    private static string Members(Dice dice, IReadOnlyList<string> basis, IReadOnlyList<string> more, int atMost)
    {
        IEnumerable<string> chosen = [.. basis, .. dice.Some(more, atMost)];
        var all = (dice.OneIn(20) ? chosen : chosen.Reverse().DistinctBy(member => member.Split('"')[1]).Reverse()).ToList();
        if (all.Count > 1 && dice.OneIn(3))
        {
            (all[0], all[^1]) = (all[^1], all[0]);
        }

        return "{" + string.Join(dice.OneIn(8) ? " ,\n\t" : ",", all.Select(member => Member(dice, member))) + "}";
    }

    /// <summary>A member with its name spelled otherwise, or written twice.</summary>
    private static string Member(Dice dice, string member)
    {
        var end = member.IndexOf('"', 1);
        var (name, value) = (member[1..end], member[(end + 2)..]);
        return dice.Below(24) switch
        {
            0 => $"\"{Spelled(dice, name)}\":{value}",
            1 => $"\"{name}\":null,\"{Spelled(dice, name)}\":{value}",
            2 => $"\"{Spelled(dice, name)}\":{value},\"{name}\":{dice.Of((string[])["null", "false", "[]", "{}", "\"\"", "0"])}",
            3 => $"\"{name}\":{dice.Of((string[])["null", "[]", "{}", "\"\"", "0", "true", "[[]]", "1e3", "-0", "[\"\"]"])}",
            _ => member,
        };
    }

    private static string Spelled(Dice dice, string name) => dice.Below(8) switch
    {
        0 => name.ToUpperInvariant(),
        1 => name.ToLowerInvariant(),
        2 => name.Replace('s', 'ſ').Replace('k', '\u212A').Replace('K', '\u212A'),
        3 => name.Length == 0 ? name : $"\\u{(int)name[0]:x4}{name[1..]}",
        4 => name.Replace("s", "\\u017f", StringComparison.Ordinal).Replace("k", "\\u212a", StringComparison.Ordinal),
        5 => name + " ",
        6 => name.Replace('i', 'ı'),
        _ => name,
    };

    private static string Broken(Dice dice, string text) => dice.Below(12) switch
    {
        0 => text + "]",
        1 => text + "}",
        2 => text + "{\"HostConfig\":{\"Privileged\":true}}",
        3 => "\uFEFF" + text,
        4 => "[" + text + "]",
        5 => text + "\0",
        6 => text[..(text.Length / 2)],
        7 => text.Replace("\"", "'", StringComparison.Ordinal),
        8 => "/*x*/" + text,
        9 => new StringBuilder(text) { [dice.Below(text.Length)] = (char)dice.Below(256) }.ToString(),
        10 => text.Insert(dice.Below(text.Length), dice.Of((string[])["\\ud800", "\u0001", "{", "[", "\"", ",", "null", new string('[', 100)])),
        _ => "null",
    };

    [GeneratedRegex("@[ABI]|<[cCvVnNiIeEfgsu]>")]
    private static partial Regex Placeholder();
}
