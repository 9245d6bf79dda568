using System.Text.RegularExpressions;
using Gateway.EngineApi;
using Gateway.EngineApi.Query;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Targets of every operation that an engine routes, their parameters filled from dictionaries, and now and then bent.</summary>
internal static partial class TargetGrammar
{
    private static readonly string[] Prefixes = ["", "", "", "", "/v1.24", "/v1.30", "/v1.40", "/v1.41", "/v1.41", "/v1.41"];
    private static readonly string[] NewPrefixes = ["/v1.42", "/v1.43", "/v1.44", "/v1.45", "/v1.47", "/v1.48", "/v1.51"];
    private static readonly string[] OddPrefixes = ["/v1.99", "/v1.23", "/v01.41", "/v1.41.", "/V1.41", "/v1.41/v1.41", "/v1.41%2f", "/v1", "/v2.0"];

    private static readonly string[] Bools = ["1", "0", "true", "off", "", "no", "None", " 0", "2"];

    private static readonly string[] Filters =
    [
        "{}", "null", "{\"label\":[\"gateway.owner=bob\"]}", "{\"label\":{\"gateway.owner=bob\":true}}", "{\"label\":[\"secret\"]}", "{\"name\":[\"fz\"]}", "{\"name\":[\".*\"]}", "{\"volume\":[\"<V>\"]}", "{\"network\":[\"<N>\"]}", "{\"ancestor\":[\"<I>\"]}", "{\"reference\":[\"localhost/*/*\"]}", "{\"reference\":[\"<I>\"]}", "{\"publish\":[\"80\"]}", "{\"health\":[\"none\"]}", "{\"driver\":[\"bridge\"]}", "{\"scope\":[\"local\"]}", "{\"event\":[\"start\"]}", "{\"since\":[\"<C>\"]}", "{\"before\":[\"<C>\"]}", "{\"ancestor\":[\"busybox\"]}", "{\"id\":[\"a\"]}",
        "{\"Label\":[\"x\"]}", "{\"label\":[\"x\"],\"label\":[\"y\"]}", "{\"dangling\":[\"false\"]}", "{\"until\":[\"0\"]}", "{\"all\":[\"true\"]}", "{\"status\":[\"running\"]}", "{\"container\":[\"<C>\"]}", "{\"type\":[\"container\"]}", "{\"label!\":[\"gateway.owner=alice\"]}", "[", "{\"a\":1}",
    ];

    private static readonly string[] Texts = ["", "x", "busybox", "localhost/<u>/fz", "localhost/bob/fuzz", "<u>/fz", "docker.io/library/busybox", "../x", "latest", "1", "http://127.0.0.1:9/x", "-", "client-session", "/", "/etc/passwd", "host", "none", "bridge", "container:fz-bob-c", "SIGKILL", "-ef", "axe", "LABEL gateway.owner=bob", "ENV a=b", "USER root\nLABEL gateway.owner=bob", "{\"gateway.owner\":\"bob\"}", "{\"a\":\"b\"}", "[{\"Type\":\"image\",\"Attrs\":{\"name\":\"busybox\"}}]", "2", "%", "running", "fz-new", "gateway.owner=bob"];

    public static string Target(Dice dice, Names names, EngineOperation operation)
    {
        var path = Placeholder().Replace(operation.Template, _ => names.Any(dice, Kind(operation.PathKind)));
        IReadOnlyList<QueryParameter> parameters = QueryCatalogue.Of(operation);
        var chosen = parameters.Count == 0 ? dice.OneIn(30) ? ["x=1"] : [] : dice.Some(parameters, dice.OneIn(3) ? 3 : 1).DistinctBy(parameter => parameter.Name).Select(parameter => Written(dice, parameter.Name, Value(dice, names, operation, parameter))).ToList();
        var needed = dice.OneIn(12) ? [] : Needed(operation.Name).Where(name => !chosen.Exists(pair => pair.StartsWith(name + "=", StringComparison.Ordinal)));
        var query = string.Join(dice.OneIn(60) ? ";" : "&", chosen.Concat(needed.Select(name => Written(dice, name, Value(dice, names, operation, parameters.First(p => p.Name == name))))));
        var target = dice.Of(dice.OneIn(30) ? OddPrefixes : dice.OneIn(5) ? NewPrefixes : Prefixes) + path + (query.Length > 0 ? "?" + query : "");
        return dice.OneIn(20) ? Bent(dice, target) : target;
    }

    public static string Kind(ObjectKind kind) => kind switch
    {
        ObjectKind.Volume => "volume",
        ObjectKind.Network => "network",
        ObjectKind.Image or ObjectKind.Build => "image",
        ObjectKind.Exec => "exec",
        _ => "container",
    };

    /// <summary>Without which an engine does nothing.</summary>
    private static string[] Needed(string operation) => operation switch
    {
        "ContainerArchive" or "ContainerArchiveInfo" or "PutContainerArchive" => ["path"],
        "ContainerLogs" => ["stdout"],
        "ContainerRename" => ["name"],
        "ContainerResize" or "ExecResize" => ["h", "w"],
        "ImageCommit" => ["container", "repo"],
        "ImageTag" => ["repo"],
        "ImageCreate" => ["fromImage"],
        "ImageSearch" => ["term"],
        _ => [],
    };

    // Mostly one that the parameter can have: what is refused for its form says nothing about what it would do.
    private static string Value(Dice dice, Names names, EngineOperation operation, QueryParameter parameter)
    {
        var value = "";
        for (var tries = dice.OneIn(4) ? 1 : 6; tries > 0; tries--)
        {
            value = BodyGrammar.Filled(dice, names, dice.Of(Values(operation, parameter.Name)));
            if (tries > 1 && IsRead(operation, parameter, value))
            {
                break;
            }
        }

        return value;
    }

    private static bool IsRead(EngineOperation operation, QueryParameter parameter, string value)
    {
        try
        {
            _ = parameter.Read(parameter.Name, value, operation);
            return true;
        }
        catch (RequestRefusedException)
        {
            return false;
        }
    }

    private static string[] Values(EngineOperation operation, string name) => (operation.Name, name) switch
    {
        (_, "filters") => [.. Filters, .. FilterKeys.Of(operation).SelectMany(key => (string[])[$"{{\"{key}\":[\"<C>\"]}}", $"{{\"{key}\":{{\"<V>\":true}}}}", $"{{\"{key}\":[\"x\",\"true\"]}}"])],
        ("ContainerList" or "ContainerCreate" or "ContainerRename", "name") => ["fz-new", "fz-new2", "<C>", "<c>", "/fz-new", "<N>", "<V>"],
        ("ImageBuild", "t") or (_, "repo") => ["localhost/<u>/fz", "localhost/<u>/fz:2", "localhost/bob/fuzz", "busybox", "<I>", "docker.io/library/busybox", "localhost/<u>/../bob/x", "localhost/<u>"],
        ("ImageCreate", "fromImage") or (_, "names") => ["busybox", "<i>", "<I>", "localhost/<u>/fz", "127.0.0.1:9/x", "quay.io/x/y"],
        (_, "t") => ["0", "1", "-1", "99999999"],
        (_, "fromSrc") => ["", "-", "http://127.0.0.1:9/x"],
        ("ImageBuild", "memory" or "memswap" or "shmsize") => ["67108864", "0", "-1", "99999999999"],
        ("ImageBuild", "cpuperiod" or "cpuquota" or "cpushares") => ["100000", "50000", "0", "-1", "9999999"],
        ("ImageBuild", "networkmode") => ["bridge", "none", "default", "host", "<n>", "<N>", "container:<C>", "container:<c>", "fz-shared"],
        ("ImageBuild", "cgroupparent") => ["", "/", "x"],
        ("ImageBuild", "buildargs") => ["{}", "{\"A\":\"b\"}", "{\"A\":null}", "{\"HTTP_PROXY\":\"http://127.0.0.1:9\"}"],
        ("ImageBuild", "labels") => ["{}", "{\"a\":\"b\"}", "{\"gateway.owner\":\"bob\"}", "{\"traefik.enable\":\"true\"}"],
        ("ImageBuild", "cachefrom") => ["[]", "[\"busybox\"]", "[\"<I>\"]"],
        ("ImageBuild", "ulimits") => ["[]", "[{\"Name\":\"nofile\",\"Soft\":10,\"Hard\":100}]", "[{\"Name\":\"nofile\",\"Soft\":-1,\"Hard\":-1}]", "[{\"Name\":\"memlock\",\"Soft\":-1,\"Hard\":-1}]"],
        ("ImageBuild", "outputs") => ["[]", "[{\"Type\":\"local\",\"Attrs\":{\"dest\":\"/etc\"}}]"],
        ("ImageBuild", "securityopt") => ["", "seccomp=unconfined", "no-new-privileges", "label=disable"],
        ("ImageBuild", "extrahosts") => ["x:1.2.3.4", "x:host-gateway"],
        ("ImageBuild", "remote") => ["", "client-session", "http://127.0.0.1:9/x", "file:///etc/passwd", "git://127.0.0.1/x"],
        ("ImageBuild", "dockerfile") => ["Dockerfile", "../../etc/passwd", "Other"],
        ("ImageBuild" or "VolumeUpdate", "version") => ["1", "2"],
        (_, "version") => ["1", "0", "x"],
        (_, "changes") => ["", "ENV a=b", "LABEL a=b", "LABEL gateway.owner=bob", "LABEL \"gateway.owner\"=\"bob\"", "ONBUILD RUN x", "VOLUME /v", "USER root\nLABEL gateway.owner=bob", "HEALTHCHECK --interval=1ms CMD true", "EXPOSE 1-65535", "label gateway.owner=x"],
        (_, "container" or "since" or "before" or "container-id") when operation.Object is ObjectKind.Image or ObjectKind.Container => ["<c>", "<c>", "<C>", "0", "1"],
        (_, "path") => ["/", "/v", "/v/marker", "/tmp", "/etc/passwd", "/proc/self/root", "../..", "/bin/busybox", "", "/h/marker", "/proc/1/environ"],
        (_, "platform" or "platforms") => ["", "linux/amd64", "windows/amd64", "{\"os\":\"linux\",\"architecture\":\"amd64\"}", "{\"os\":\"windows\"}"],
        (_, "since" or "until" or "tail") => ["0", "1", "10", "all", "1700000000.5", "-1", "99999999999"],
        (_, "signal") => ["SIGTERM", "9", "KILL", "SIGNOPE", "SIGSTOP"],
        (_, "condition") => ["not-running", "next-exit", "removed", "x"],
        (_, "type") => ["container", "image", "volume", "build-cache", "x"],
        (_, "scope") => ["local", "global", "swarm", "x"],
        (_, "registryAuthFrom") => ["spec", "previous-spec", "x"],
        (_, "rollback") => ["previous", "none", "x"],
        (_, "format") => ["json", "x"],
        (_, "ps_args") => ["-ef", "aux", "-o pid,args", "axe", "-eo pid,args e"],
        (_, "detachKeys") => ["ctrl-p,ctrl-q", "a", ""],
        (_, "checkpoint" or "checkpoint-dir" or "dir") => ["", "x", "/etc"],
        (_, "follow" or "stdout" or "stderr" or "stdin" or "all" or "size" or "force" or "v" or "link" or "stream" or "logs" or "verbose" or "timestamps" or "details" or "pause") => Bools,
        (_, "h" or "w" or "limit" or "timeout" or "seconds" or "debug" or "gc" or "keep-storage" or "reserved-space" or "max-used-space" or "min-free-space") => ["0", "1", "10", "-1", "99999999999", "x"],
        _ => [.. Bools, .. Texts],
    };

    private static string Written(Dice dice, string name, string value)
    {
        var written = dice.Below(80) switch { 0 => name.ToUpperInvariant(), 1 => $"%{(int)name[0]:x2}{name[1..]}", 2 => name + "%00", _ => name };
        var pair = $"{written}={(dice.OneIn(20) ? value.Replace(' ', '+').Replace("\n", "%0a", StringComparison.Ordinal) : Uri.EscapeDataString(value))}";
        return dice.OneIn(30) ? $"{pair}&{name}={Uri.EscapeDataString(dice.Of(Texts))}" : pair;
    }

    private static string Bent(Dice dice, string target)
    {
        var slash = target.IndexOf('/', 1);
        var at = slash < 0 ? 0 : slash;
        return dice.Below(16) switch
        {
            0 => target.Insert(at, "/"),
            1 => target.Insert(at, "/."),
            2 => target.Insert(at, "/x/.."),
            3 => target.Insert(at, "%2f"),
            4 => target[..at] + "%2F" + target[Math.Min(at + 1, target.Length)..],
            5 => target.Insert(at, ";a=b"),
            6 => target + "/",
            7 => target + "#x",
            8 => "http://docker" + target,
            9 => target.Insert(dice.Below(target.Length), "%00"),
            10 => target.Insert(dice.Below(target.Length), "%"),
            11 => target.Insert(dice.Below(target.Length), "\\"),
            12 => target.Replace('e', 'E'),
            13 => target.Insert(dice.Below(target.Length), ((char)dice.Below(256)).ToString()),
            14 => target.Replace("containers", "%63ontainers", StringComparison.Ordinal),
            _ => target + "%252e",
        };
    }

    [GeneratedRegex("{[^}]*}")]
    private static partial Regex Placeholder();
}
