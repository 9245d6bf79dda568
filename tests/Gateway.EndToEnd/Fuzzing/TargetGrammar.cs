using System.Text.RegularExpressions;
using Gateway.EngineApi;

namespace Gateway.EndToEnd.Fuzzing;

/// <summary>Targets of every operation that an engine routes, their parameters filled from dictionaries, and now and then bent.</summary>
internal static partial class TargetGrammar
{
    private static readonly string[] Prefixes = ["", "", "/v1.24", "/v1.30", "/v1.40", "/v1.41", "/v1.41", "/v1.41"];
    private static readonly string[] NewPrefixes = ["/v1.42", "/v1.43", "/v1.44", "/v1.45", "/v1.47", "/v1.48", "/v1.51"];
    private static readonly string[] OddPrefixes = ["/v1.99", "/v1.23", "/v01.41", "/v1.41.", "/V1.41", "/v1.41/v1.41", "/v1.41%2f", "/v1", "/v2.0"];

    private static readonly string[] Bools = ["1", "0", "true", "off", "", "no", "None", " 0", "2"];

    private static readonly string[] Filters =
    [
        "{}", "null", "{\"label\":[\"gateway.owner=bob\"]}", "{\"label\":{\"gateway.owner=bob\":true}}", "{\"label\":[\"secret\"]}", "{\"name\":[\"fz\"]}", "{\"name\":[\".*\"]}", "{\"volume\":[\"fz-bob-v\"]}", "{\"network\":[\"fz-bob-n\"]}", "{\"ancestor\":[\"busybox\"]}", "{\"id\":[\"a\"]}",
        "{\"Label\":[\"x\"]}", "{\"label\":[\"x\"],\"label\":[\"y\"]}", "{\"dangling\":[\"false\"]}", "{\"until\":[\"0\"]}", "{\"all\":[\"true\"]}", "{\"status\":[\"running\"]}", "{\"container\":[\"fz-bob-c\"]}", "{\"type\":[\"container\"]}", "{\"label!\":[\"gateway.owner=alice\"]}", "[", "{\"a\":1}",
    ];

    private static readonly string[] Texts = ["", "x", "busybox", "localhost/alice/fz", "localhost/bob/fuzz", "alice/fz", "docker.io/library/busybox", "../x", "latest", "1", "http://127.0.0.1:9/x", "-", "client-session", "/", "/etc/passwd", "host", "none", "bridge", "container:fz-bob-c", "SIGKILL", "-ef", "axe", "LABEL gateway.owner=bob", "ENV a=b", "USER root\nLABEL gateway.owner=bob", "{\"gateway.owner\":\"bob\"}", "{\"a\":\"b\"}", "[{\"Type\":\"image\",\"Attrs\":{\"name\":\"busybox\"}}]", "2", "%", "running", "fz-new", "gateway.owner=bob"];

    public static string Target(Dice dice, Names names, EngineOperation operation)
    {
        var path = Placeholder().Replace(operation.Template, _ => names.Any(dice, Kind(operation)));
        var parameters = operation.QueryNames.ToList();
        var most = parameters.Count == 0 ? dice.OneIn(30) ? 1 : 0 : dice.OneIn(3) ? 2 : 1;
        var query = string.Join(dice.OneIn(60) ? ";" : "&", dice.Some(parameters.Count == 0 ? ["x"] : parameters, most).Select(name => Parameter(dice, names, operation, name)));
        var target = dice.Of(dice.OneIn(30) ? OddPrefixes : dice.OneIn(5) ? NewPrefixes : Prefixes) + path + (query.Length > 0 ? "?" + query : "");
        return dice.OneIn(16) ? Bent(dice, target) : target;
    }

    public static string Kind(EngineOperation operation) => operation.Object switch
    {
        ObjectKind.Volume => "volume",
        ObjectKind.Network => "network",
        ObjectKind.Image or ObjectKind.Build => "image",
        _ => "container",
    };

    private static string Parameter(Dice dice, Names names, EngineOperation operation, string name)
    {
        var value = name switch
        {
            "filters" => dice.Of(Filters),
            "fromImage" or "repo" or "names" or "t" when operation.Object is ObjectKind.Image or ObjectKind.Build => dice.OneIn(2) ? names.Any(dice, "image") : dice.Of(Texts),
            "container" or "since" or "before" => names.Any(dice, "container"),
            "name" => dice.OneIn(6) ? names.AnyKind(dice) : $"fz-{dice.Below(1000)}",
            "path" => dice.Of((string[])["/", "/etc/passwd", "/proc/self/root", "../..", "/bin/busybox", ""]),
            "t" => dice.Of((string[])["0", "1", "-1", "99999999"]),
            "platform" => dice.Of((string[])["", "linux/amd64", "windows/amd64", "{\"os\":\"linux\"}"]),
            "until" or "tail" or "limit" or "h" or "w" or "memory" or "cpuperiod" or "cpuquota" => dice.Of((string[])["0", "1", "10", "-1", "99999999999", "x"]),
            "signal" => dice.Of((string[])["SIGTERM", "9", "KILL", "SIGNOPE"]),
            "follow" or "stdout" or "stderr" or "all" or "size" or "force" or "v" or "link" or "stream" or "logs" or "verbose" => dice.Of(Bools),
            _ => dice.OneIn(3) ? dice.Of(Bools) : dice.Of(Texts),
        };
        var written = dice.Below(60) switch { 0 => name.ToUpperInvariant(), 1 => $"%{(int)name[0]:x2}{name[1..]}", 2 => name + "%00", _ => name };
        var pair = $"{written}={(dice.OneIn(15) ? value.Replace(' ', '+') : Uri.EscapeDataString(value))}";
        return dice.OneIn(25) ? $"{pair}&{name}={Uri.EscapeDataString(dice.Of(Texts))}" : pair;
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
