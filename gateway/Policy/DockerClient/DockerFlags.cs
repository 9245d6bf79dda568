using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy.Files.Values;
using Gateway.Wire;

namespace Gateway.Policy.DockerClient;

/// <summary>
/// Reads the flags of the most used docker commands where no client is installed: what decides is read, what cannot be read is
/// an error, nothing is passed over.
/// </summary>
internal static class DockerFlags
{
    private const string NotInstalled = "install the docker client to have it asked about as it is";

    /// <exception cref="FormatException">A command or flag that this reading does not know.</exception>
    public static DockerRequests Read(IReadOnlyList<string> arguments)
    {
        var rest = arguments.Skip(1).ToList();
        var words = arguments[0] is "container" or "image" && rest.Count > 0 ? rest : [.. arguments];
        var first = words[0] switch { "ls" when arguments[0] == "container" => "ps", "ls" when arguments[0] == "image" => "images", var word => word };
        rest = [.. words.Skip(1)];
        List<OfflineRequest> requests = [Request("HEAD", "/_ping")];
        requests.AddRange(first switch
        {
            "run" or "create" => RunFlags.Read(rest, start: first == "run"),
            "exec" => Exec(rest),
            "build" => Build(rest),
            "rm" => Each(Flags(rest, "fvl", ["force", "volumes", "link"], []), (name, flags) => Request("DELETE", $"/containers/{name}{Query(("v", flags.Has("v", "volumes")), ("force", flags.Has("f", "force")), ("link", flags.Has("l", "link")))}")),
            "logs" => Logs(Flags(rest, "ft", ["follow", "timestamps", "details"], ["n", "tail", "since", "until"])),
            "ps" => [Ps(Flags(rest, "aqls", ["all", "quiet", "latest", "size", "no-trunc"], ["f", "filter", "n", "last", "format"]))],
            "start" or "stop" or "restart" or "kill" or "pause" or "unpause" => Each(Flags(rest, "", [], ["t", "time", "s", "signal"]), (name, _) => Request("POST", $"/containers/{name}/{first}")),
            "volume" => Volume(rest),
            "network" => Network(rest),
            "version" => [Request("GET", "/version")],
            "info" => [Request("GET", "/info")],
            "images" => [Request("GET", "/images/json")],
            _ => throw new FormatException($"docker {first} is not read without a client; {NotInstalled}"),
        });
        List<CreatedObject> created = first == "run" ? [new CreatedObject(new(ObjectKind.Container, RunFlags.Id), 1)] : [];
        return new DockerRequests(requests, created, "no docker client is installed: its flags were read by the gateway");
    }

    public static OfflineRequest Request(string method, string target, JsonNode? body = null) => OfflineRequest.Of(method, target, body?.ToJsonString());

    /// <param name="letters">Short flags without a value.</param>
    /// <param name="switches">Long flags without a value.</param>
    /// <param name="valued">Flags with a value, of both kinds.</param>
    public static FlagWords Flags(IReadOnlyList<string> words, string letters, string[] switches, string[] valued, bool stopAtName = false) =>
        FlagWords.Parse(words, letters, switches, valued, stopAtName, NotInstalled);

    private static IEnumerable<OfflineRequest> Each(FlagWords flags, Func<string, FlagWords, OfflineRequest> request) =>
        flags.Names.Count == 0 ? throw new FormatException("name an object") : flags.Names.Select(name => request(Escaped(name), flags));

    private static string Escaped(string name) => string.Join('/', name.Split('/').Select(PercentText.Encode));

    private static string Query(params (string Name, bool Set)[] parameters)
    {
        var set = parameters.Where(p => p.Set).Select(p => p.Name + "=1").ToList();
        return set.Count == 0 ? "" : "?" + string.Join('&', set);
    }

    private static IEnumerable<OfflineRequest> Logs(FlagWords flags) => Each(flags, (name, _) => Request("GET", $"/containers/{name}/json"))
        .Concat(Each(flags, (name, _) => Request("GET", $"/containers/{name}/logs{Query(("stdout", true), ("stderr", true), ("follow", flags.Has("f", "follow")), ("timestamps", flags.Has("t", "timestamps")), ("details", flags.Has("details")))}"
            + string.Concat(((string[])["since", "until"]).Where(key => flags.Has(key)).Select(key => $"&{key}={PercentText.Encode(flags.Last(key)!)}"))
            + $"&tail={PercentText.Encode(flags.Last("n", "tail") ?? "all")}")));

    private static OfflineRequest Ps(FlagWords flags)
    {
        List<string> query = [.. flags.Has("a", "all") ? ["all=1"] : (string[])[], .. flags.Has("s", "size") ? ["size=1"] : (string[])[]];
        if (flags.Has("l", "latest") || flags.Has("n", "last"))
        {
            query.Add($"limit={PercentText.Encode(flags.Has("l", "latest") ? "1" : flags.Last("n", "last")!)}");
        }

        var filters = flags.All("f", "filter").Select(filter => filter.Split('=', 2)).ToList();
        if (filters.Find(filter => filter.Length < 2) is { } broken)
        {
            throw new FormatException($"--filter {broken[0]}: write KEY=VALUE");
        }

        if (filters.Count > 0)
        {
            var map = new JsonObject([.. filters.GroupBy(filter => filter[0]).Select(key => KeyValuePair.Create(key.Key, (JsonNode?)FlagWords.List(key.Select(filter => filter[1]))))]);
            query.Add($"filters={PercentText.Encode(map.ToJsonString())}");
        }

        return Request("GET", "/containers/json" + (query.Count == 0 ? "" : "?" + string.Join('&', query)));
    }

    private static OfflineRequest[] Exec(IReadOnlyList<string> words)
    {
        var flags = Flags(words, "dit", ["detach", "interactive", "tty", "privileged"], ["e", "env", "u", "user", "w", "workdir", "detach-keys", "env-file"], stopAtName: true);
        if (flags.Names.Count < 2)
        {
            throw new FormatException("docker exec takes a container and a command");
        }

        var body = new JsonObject
        {
            ["User"] = flags.Last("u", "user") ?? "",
            ["Privileged"] = flags.Has("privileged"),
            ["Tty"] = flags.Has("t", "tty"),
            ["AttachStdin"] = flags.Has("i", "interactive"),
            ["AttachStdout"] = !flags.Has("d", "detach"),
            ["AttachStderr"] = !flags.Has("d", "detach"),
            ["Env"] = FlagWords.List(flags.All("e", "env")),
            ["WorkingDir"] = flags.Last("w", "workdir") ?? "",
            ["Cmd"] = FlagWords.List(flags.Names.Skip(1)),
        };
        return [Request("GET", $"/containers/{Escaped(flags.Names[0])}/json"), Request("POST", $"/containers/{Escaped(flags.Names[0])}/exec", body)];
    }

    private static readonly (string Flag, string Parameter)[] Valued = [("cpu-quota", "cpuquota"), ("cpu-period", "cpuperiod"), ("target", "target"), ("platform", "platform")];
    private static readonly (string Flag, string Parameter)[] Switches = [("no-cache", "nocache"), ("pull", "pull"), ("q", "q"), ("quiet", "q"), ("force-rm", "forcerm")];

    private static OfflineRequest[] Build(IReadOnlyList<string> words)
    {
        var flags = Flags(words, "q", ["no-cache", "pull", "quiet", "rm", "force-rm", "squash"],
            ["t", "tag", "f", "file", "build-arg", "label", "network", "m", "memory", "cpu-quota", "cpu-period", "cgroup-parent", "target", "platform", "security-opt", "add-host"]);
        var query = flags.All("t", "tag").Select(tag => ("t", tag))
            .Concat(flags.Last("network") is { } mode ? [("networkmode", mode)] : [])
            .Concat(flags.Last("cgroup-parent") is { } parent ? [("cgroupparent", parent)] : [])
            .Concat(flags.Last("m", "memory") is { } memory ? [("memory", Size(memory).ToString(CultureInfo.InvariantCulture))] : [])
            .Concat(flags.All("security-opt").Select(option => ("securityopt", option)))
            .Concat(flags.Has("squash") ? [("squash", "1")] : [])
            .Concat(flags.Has("build-arg") ? [("buildargs", FlagWords.Map(flags.All("build-arg")).ToJsonString())] : [])
            .Concat(flags.Has("label") ? [("labels", FlagWords.Map(flags.All("label")).ToJsonString())] : [])
            .Concat(flags.All("add-host").Select(host => ("extrahosts", host)))
            .Concat(Valued.Where(flag => flags.Has(flag.Flag)).Select(flag => (flag.Parameter, flags.Last(flag.Flag)!)))
            .Concat(Switches.Where(flag => flags.Has(flag.Flag)).Select(flag => (flag.Parameter, "1")))
            .Append(("version", "1"));
        return [new OfflineRequest("POST", "/build?" + string.Join('&', query.Select(p => $"{p.Item1}={PercentText.Encode(p.Item2)}")), [new RequestHeader("Content-Type", "application/x-tar")], new byte[1])];
    }

    private static IEnumerable<OfflineRequest> Volume(List<string> words)
    {
        var (verb, rest) = (words.FirstOrDefault() ?? "", words.Skip(1).ToList());
        switch (verb)
        {
            case "ls":
                return [Request("GET", "/volumes")];
            case "inspect":
                return Each(Flags(rest, "", [], ["f", "format"]), (name, _) => Request("GET", $"/volumes/{name}"));
            case "rm":
                return Each(Flags(rest, "f", ["force"], []), (name, flags) => Request("DELETE", $"/volumes/{name}{Query(("force", flags.Has("f", "force")))}"));
            case "prune":
                return [Request("POST", "/volumes/prune")];
            case "create":
                var flags = Flags(rest, "", [], ["d", "driver", "o", "opt", "label", "name"]);
                return [Request("POST", "/volumes/create", new JsonObject
                {
                    ["Name"] = flags.Names.FirstOrDefault() ?? flags.Last("name") ?? "",
                    ["Driver"] = flags.Last("d", "driver") ?? "local",
                    ["DriverOpts"] = FlagWords.Map(flags.All("o", "opt")),
                    ["Labels"] = FlagWords.Map(flags.All("label")),
                })];
            default:
                throw new FormatException($"docker volume {verb} is not read without a client; {NotInstalled}");
        }
    }

    private static IEnumerable<OfflineRequest> Network(List<string> words)
    {
        var (verb, rest) = (words.FirstOrDefault() ?? "", words.Skip(1).ToList());
        switch (verb)
        {
            case "ls":
                return [Request("GET", "/networks")];
            case "inspect":
                return Each(Flags(rest, "v", ["verbose"], ["f", "format", "scope"]), (name, _) => Request("GET", $"/networks/{name}"));
            case "rm":
                var removed = Flags(rest, "f", ["force"], []);
                return Each(removed, (name, _) => Request("GET", $"/networks/{name}")).Concat(Each(removed, (name, _) => Request("DELETE", $"/networks/{name}")));
            case "prune":
                return [Request("POST", "/networks/prune")];
            case "connect" or "disconnect":
                var said = verb == "connect" ? Flags(rest, "", [], EndpointFlags.OfConnect) : Flags(rest, "f", ["force"], []);
                return said.Names.Count == 2 ? [Request("POST", $"/networks/{Escaped(said.Names[0])}/{verb}", Ends(said))]
                    : throw new FormatException($"docker network {verb} takes a network and a container");
            case "create":
                var flags = Flags(rest, "", ["internal", "attachable", "ingress", "ipv6"], ["d", "driver", "o", "opt", "label", "subnet", "gateway", "ip-range"]);
                return [Request("POST", "/networks/create", new JsonObject
                {
                    ["Name"] = flags.Names.FirstOrDefault() ?? "",
                    ["Driver"] = flags.Last("d", "driver") ?? "bridge",
                    ["Internal"] = flags.Has("internal"),
                    ["Attachable"] = flags.Has("attachable"),
                    ["Ingress"] = flags.Has("ingress"),
                    ["EnableIPv6"] = flags.Has("ipv6"),
                    ["Options"] = FlagWords.Map(flags.All("o", "opt")),
                    ["Labels"] = FlagWords.Map(flags.All("label")),
                    ["IPAM"] = Ranges(flags),
                })];
            default:
                throw new FormatException($"docker network {verb} is not read without a client; {NotInstalled}");
        }
    }

    private static JsonObject Ends(FlagWords flags)
    {
        var body = new JsonObject { ["Container"] = flags.Names[1] };
        if (flags.Has("f", "force"))
        {
            body["Force"] = true;
        }

        if (EndpointFlags.Of(flags, flags.All("alias"), flags.All("link")) is { } endpoint)
        {
            body["EndpointConfig"] = endpoint;
        }

        return body;
    }

    private static JsonObject Ranges(FlagWords flags)
    {
        var (subnets, gateways, ranges) = (flags.All("subnet").ToList(), flags.All("gateway").ToList(), flags.All("ip-range").ToList());
        if (subnets.Count > 1 || gateways.Count > subnets.Count || ranges.Count > subnets.Count)
        {
            throw new FormatException($"docker network create with several address ranges is not read without a client; {NotInstalled}");
        }

        var range = new JsonObject();
        foreach (var (name, value) in ((string, List<string>)[])[("Subnet", subnets), ("IPRange", ranges), ("Gateway", gateways)])
        {
            if (value.Count > 0)
            {
                range[name] = value[0];
            }
        }

        return new JsonObject { ["Driver"] = "default", ["Config"] = range.Count == 0 ? new JsonArray() : new JsonArray(range) };
    }

    public static long Size(string text) => Amounts.TryParseSize(text, out var bytes, out var problem) ? bytes : throw new FormatException(problem);
}
