using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;

namespace Gateway.Policy.DockerClient;

/// <summary>The flags of <c>docker run</c> and <c>docker create</c> as the create body that the client makes of them.</summary>
internal static class RunFlags
{
    /// <summary>Stands for the id that an engine would answer.</summary>
    public static readonly string Id = new('e', 64);

    private static readonly string[] Switches = ["detach", "interactive", "tty", "rm", "privileged", "publish-all", "read-only", "init", "no-healthcheck", "oom-kill-disable", "sig-proxy", "quiet"];

    private static readonly string[] Valued =
    [
        "v", "volume", "mount", "p", "publish", "e", "env", "u", "user", "w", "workdir", "l", "label", "h", "hostname", "m", "memory", "c", "cpu-shares", "a", "attach",
        "name", "entrypoint", "network", "net", "pid", "ipc", "uts", "userns", "cgroupns", "cap-add", "cap-drop", "security-opt", "device", "gpus", "runtime", "sysctl",
        "tmpfs", "volumes-from", "restart", "cpus", "pids-limit", "memory-swap", "memory-reservation", "shm-size", "cgroup-parent", "log-driver", "log-opt", "ulimit",
        "device-cgroup-rule", "add-host", "dns", "group-add", "link", "pull", "platform", "oom-score-adj", "cpuset-cpus", "stop-signal", "expose", "annotation",
        .. EndpointFlags.Valued,
    ];

    // The client's own words for an empty list of masks.
    private static readonly string[] Unmasked = ["systempaths=unconfined", "systempaths:unconfined"];

    public static OfflineRequest[] Read(IReadOnlyList<string> words, bool start)
    {
        var flags = DockerFlags.Flags(words, "ditPq", Switches, Valued, stopAtName: true);
        if (flags.Names.Count == 0)
        {
            throw new FormatException("docker run takes an image");
        }

        var body = new JsonObject
        {
            ["Image"] = flags.Names[0],
            ["Cmd"] = flags.Names.Count > 1 ? FlagWords.List(flags.Names.Skip(1)) : null,
            ["Entrypoint"] = flags.Last("entrypoint") is { } entry ? FlagWords.List([entry]) : null,
            ["User"] = flags.Last("u", "user") ?? "",
            ["WorkingDir"] = flags.Last("w", "workdir") ?? "",
            ["Hostname"] = flags.Last("h", "hostname") ?? "",
            ["Tty"] = flags.Has("t", "tty"),
            ["OpenStdin"] = flags.Has("i", "interactive"),
            ["Env"] = FlagWords.List(flags.All("e", "env")),
            ["Labels"] = FlagWords.Map(flags.All("l", "label")),
            ["ExposedPorts"] = PortFlags.Exposed(flags.All("p", "publish"), flags.All("expose")),
            ["Volumes"] = Keys(flags.All("v", "volume").Where(volume => !volume.Contains(':', StringComparison.Ordinal))),
            ["StopSignal"] = flags.Last("stop-signal") ?? "",
            ["HostConfig"] = Host(flags),
            ["NetworkingConfig"] = Networking(flags),
        };
        var name = flags.Last("name") is { } given ? "?name=" + PercentText.Encode(given) : "";
        var create = DockerFlags.Request("POST", "/containers/create" + name, body);
        return start
            ? [create, DockerFlags.Request("POST", $"/containers/{Id}/attach?stream=1&stdout=1&stderr=1"), DockerFlags.Request("POST", $"/containers/{Id}/wait?condition=next-exit"), DockerFlags.Request("POST", $"/containers/{Id}/start")]
            : [create];
    }

    private static JsonObject Host(FlagWords flags) => new()
    {
        ["Binds"] = FlagWords.List(flags.All("v", "volume").Where(volume => volume.Contains(':', StringComparison.Ordinal)).Select(Volume)),
        ["Mounts"] = new JsonArray([.. flags.All("mount").Select(text => (JsonNode?)Mount(text))]),
        ["PortBindings"] = PortFlags.Bindings(flags.All("p", "publish")),
        ["PublishAllPorts"] = flags.Has("P", "publish-all"),
        ["Privileged"] = flags.Has("privileged"),
        ["NetworkMode"] = Network(flags) ?? "default",
        ["PidMode"] = flags.Last("pid") ?? "",
        ["IpcMode"] = flags.Last("ipc") ?? "",
        ["UTSMode"] = flags.Last("uts") ?? "",
        ["UsernsMode"] = flags.Last("userns") ?? "",
        ["CgroupnsMode"] = flags.Last("cgroupns") ?? "",
        ["CapAdd"] = FlagWords.List(flags.All("cap-add").Select(Capability)),
        ["CapDrop"] = FlagWords.List(flags.All("cap-drop").Select(Capability)),
        ["SecurityOpt"] = FlagWords.List(flags.All("security-opt").Except(Unmasked)),
        ["MaskedPaths"] = flags.All("security-opt").Any(Unmasked.Contains) ? new JsonArray() : null,
        ["ReadonlyPaths"] = flags.All("security-opt").Any(Unmasked.Contains) ? new JsonArray() : null,
        ["Devices"] = new JsonArray([.. flags.All("device").Where(text => !IsCdi(text)).Select(text => (JsonNode?)Device(text))]),
        ["DeviceRequests"] = new JsonArray([.. Requests(flags)]),
        ["Ulimits"] = new JsonArray([.. flags.All("ulimit").Select(text => (JsonNode?)Ulimit(text))]),
        ["Init"] = flags.Has("init") ? true : null,
        ["DeviceCgroupRules"] = FlagWords.List(flags.All("device-cgroup-rule")),
        ["Runtime"] = flags.Last("runtime") ?? "",
        ["Sysctls"] = FlagWords.Map(flags.All("sysctl")),
        ["Tmpfs"] = Tmpfs(flags.All("tmpfs")),
        ["VolumesFrom"] = FlagWords.List(flags.All("volumes-from")),
        ["AutoRemove"] = flags.Has("rm"),
        ["ReadonlyRootfs"] = flags.Has("read-only"),
        ["OomKillDisable"] = flags.Has("oom-kill-disable"),
        ["Memory"] = flags.Last("m", "memory") is { } memory ? DockerFlags.Size(memory) : 0,
        ["MemoryReservation"] = flags.Last("memory-reservation") is { } reserved ? DockerFlags.Size(reserved) : 0,
        ["MemorySwap"] = flags.Last("memory-swap") is { } swap ? swap == "-1" ? -1 : DockerFlags.Size(swap) : 0,
        ["ShmSize"] = flags.Last("shm-size") is { } shm ? DockerFlags.Size(shm) : 0,
        ["NanoCpus"] = flags.Last("cpus") is { } cpus ? (long)(Decimal(cpus) * 1_000_000_000) : 0,
        ["CpuShares"] = flags.Last("c", "cpu-shares") is { } shares ? (long)Decimal(shares) : 0,
        ["CpusetCpus"] = flags.Last("cpuset-cpus") ?? "",
        ["PidsLimit"] = flags.Last("pids-limit") is { } pids ? (long)Decimal(pids) : 0,
        ["OomScoreAdj"] = flags.Last("oom-score-adj") is { } score ? (long)Decimal(score) : 0,
        ["CgroupParent"] = flags.Last("cgroup-parent") ?? "",
        ["LogConfig"] = new JsonObject { ["Type"] = flags.Last("log-driver") ?? "", ["Config"] = FlagWords.Map(flags.All("log-opt")) },
        ["ExtraHosts"] = FlagWords.List(flags.All("add-host")),
        ["Dns"] = FlagWords.List(flags.All("dns")),
        ["GroupAdd"] = FlagWords.List(flags.All("group-add")),
        ["Links"] = FlagWords.List(flags.All("link")),
        ["Annotations"] = flags.Has("annotation") ? FlagWords.Map(flags.All("annotation")) : null,
        ["RestartPolicy"] = Restart(flags.Last("restart") ?? "no"),
    };

    // The client makes an absolute path of a relative one.
    private static string Volume(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var source = text[..colon];
        return (source.StartsWith('.') ? Path.GetFullPath(source) : source) + text[colon..];
    }

    private static JsonObject Mount(string text)
    {
        var mount = new JsonObject { ["Type"] = "volume" };
        foreach (var part in text.Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = (equals < 0 ? part : part[..equals], equals < 0 ? "true" : part[(equals + 1)..]);
            switch (key.ToLowerInvariant())
            {
                case "type":
                    mount["Type"] = value.ToLowerInvariant();
                    break;
                case "source" or "src":
                    mount["Source"] = value;
                    break;
                case "target" or "dst" or "destination":
                    mount["Target"] = value;
                    break;
                case "readonly" or "ro":
                    mount["ReadOnly"] = value is "true" or "1";
                    break;
                case "bind-propagation":
                    mount["BindOptions"] = new JsonObject { ["Propagation"] = value };
                    break;
                default:
                    throw new FormatException($"--mount {key} is not read without a client");
            }
        }

        return mount;
    }

    private static JsonObject Device(string text)
    {
        var parts = text.Split(':');
        var permissions = parts.Length > 1 && parts[^1].All(c => "rwm".Contains(c, StringComparison.Ordinal)) ? parts[^1] : "rwm";
        return new JsonObject { ["PathOnHost"] = parts[0], ["PathInContainer"] = parts.Length > 1 && parts[1].StartsWith('/') ? parts[1] : parts[0], ["CgroupPermissions"] = permissions };
    }

    private static JsonObject Gpus(string text) => new()
    {
        ["Driver"] = "",
        ["Count"] = text == "all" ? -1 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw new FormatException($"--gpus {text} is not read without a client"),
        ["Capabilities"] = new JsonArray(new JsonArray(JsonValue.Create("gpu"))),
    };

    private static JsonObject Tmpfs(IEnumerable<string> texts)
    {
        var map = new JsonObject();
        foreach (var parts in texts.Select(text => text.Split(':', 2)))
        {
            map[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }

        return map;
    }

    private static bool IsCdi(string device) => !device.StartsWith('/') && device.Contains('=', StringComparison.Ordinal);

    private static IEnumerable<JsonNode?> Requests(FlagWords flags)
    {
        if (flags.Last("gpus") is { } gpus)
        {
            yield return Gpus(gpus);
        }

        if (flags.All("device").Where(IsCdi).ToList() is { Count: > 0 } devices)
        {
            yield return new JsonObject { ["Driver"] = "cdi", ["DeviceIDs"] = FlagWords.List(devices) };
        }
    }

    private static JsonObject Ulimit(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var values = text[(equals + 1)..].Split(':', 2);
        return equals < 1 ? throw new FormatException($"--ulimit {text}: write NAME=SOFT or NAME=SOFT:HARD")
            : new JsonObject { ["Name"] = text[..equals], ["Soft"] = (long)Decimal(values[0]), ["Hard"] = (long)Decimal(values[^1]) };
    }

    private static string Capability(string name) => name.ToUpperInvariant() switch
    {
        "ALL" => "ALL",
        var upper when upper.StartsWith("CAP_", StringComparison.Ordinal) => upper,
        var upper => "CAP_" + upper,
    };

    private static string? Network(FlagWords flags) => flags.Last("network", "net") is not { } network || !network.Contains('=', StringComparison.Ordinal) ? flags.Last("network", "net")
        : throw new FormatException($"--network {network} is not read without a client");

    private static JsonObject? Networking(FlagWords flags) => EndpointFlags.Of(flags, flags.All("network-alias", "net-alias"), []) is { } endpoint
        ? new JsonObject { ["EndpointsConfig"] = new JsonObject { [Network(flags) ?? "default"] = endpoint } }
        : null;

    private static JsonObject Keys(IEnumerable<string> names)
    {
        var map = new JsonObject();
        foreach (var name in names)
        {
            map[name] = new JsonObject();
        }

        return map;
    }

    private static JsonObject Restart(string text)
    {
        var parts = text.Split(':');
        return new JsonObject { ["Name"] = parts[0], ["MaximumRetryCount"] = parts.Length > 1 ? (long)Decimal(parts[1]) : 0 };
    }

    private static decimal Decimal(string text) =>
        decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"\"{text}\" is not a number");
}
