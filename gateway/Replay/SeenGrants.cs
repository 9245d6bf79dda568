using System.Globalization;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Replay;

/// <summary>What recorded bodies, queries and paths asked for, grant by grant: each value with how often it was seen.</summary>
internal sealed class SeenGrants
{
    private const long DefaultMostMemory = 2L << 30;
    private const long DefaultMostCpus = 2_000_000_000;
    private const long DefaultMostPids = 1024;

    public SortedDictionary<string, SeenUse> Images { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> OwnImages { get; } = new(StringComparer.Ordinal);

    /// <summary>Sources; true where one was asked for read-write.</summary>
    /// <summary>Those of <see cref="Binds"/> of which paths inside were bound.</summary>
    public HashSet<string> InsideFolders { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, (bool ReadWrite, SeenUse Use)> Binds { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> Networks { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> Addresses { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<int, SeenUse> Ports { get; } = [];

    public SortedDictionary<string, SeenUse> Capabilities { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SortedSet<char>> Devices { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> Runtimes { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> Sysctls { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> SecurityOptions { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, SeenUse> HostNamespaces { get; } = new(StringComparer.Ordinal);

    public bool Privileged { get; private set; }

    public long Gpus { get; private set; }

    public long Memory { get; private set; }

    public long Cpus { get; private set; }

    public long Pids { get; private set; }

    /// <summary>False as soon as a container or an exec ran as root, or as whatever its image says.</summary>
    public bool NeverRoot { get; private set; } = true;

    public bool SawContainers { get; private set; }

    public bool NeedsMemory => Memory > DefaultMostMemory;

    public bool NeedsCpus => Cpus > DefaultMostCpus;

    public bool NeedsPids => Pids > DefaultMostPids;

    public void Add(RecordedCall call, EngineRequest request)
    {
        Images_(call, request);
        if (call.Body.Length == 0)
        {
            return;
        }

        using var document = JsonDocument.Parse(call.Body);
        var body = document.RootElement;
        switch (call.Operation)
        {
            case "ContainerCreate":
                Container(body, Json.Member(body, "HostConfig"), call);
                break;
            case "ContainerUpdate":
                Limits(body);
                break;
            case "ContainerExec":
                Privileged |= Json.True(body, "Privileged");
                User(body);
                break;
            default:
                break;
        }
    }

    private void Container(JsonElement body, JsonElement host, RecordedCall call)
    {
        SawContainers = true;
        User(body);
        Limits(host);
        Privileged |= Json.True(host, "Privileged");
        var mode = Json.String(host, "NetworkMode");
        Network(mode is null or "" ? "bridge" : mode, call);
        foreach (var endpoint in Json.Members(Json.Member(Json.Member(body, "NetworkingConfig"), "EndpointsConfig")))
        {
            Network(endpoint.Name, call);
        }

        foreach (var (field, name) in new[] { ("PidMode", "pid"), ("IpcMode", "ipc"), ("UTSMode", "uts"), ("UsernsMode", "user"), ("CgroupnsMode", "cgroup") })
        {
            if (Json.String(host, field) == "host")
            {
                Seen(HostNamespaces, name, call);
            }
        }

        foreach (var capability in Texts(host, "CapAdd"))
        {
            var upper = capability.ToUpperInvariant();
            Seen(Capabilities, upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper, call);
        }

        foreach (var option in Texts(host, "SecurityOpt").Where(o => o is not ("no-new-privileges" or "no-new-privileges=true" or "no-new-privileges:true")))
        {
            var at = option.IndexOfAny(['=', ':']);
            Seen(SecurityOptions, at < 0 ? option : $"{option[..at]}={option[(at + 1)..]}", call);
        }

        foreach (var sysctl in Json.Members(Json.Member(host, "Sysctls")))
        {
            Seen(Sysctls, sysctl.Name, call);
        }

        if (Json.String(host, "Runtime") is { Length: > 0 } runtime)
        {
            Seen(Runtimes, runtime, call);
        }

        Mounts(host, call);
        Devices_(host);
        Publish(host, call);
    }

    private void Mounts(JsonElement host, RecordedCall call)
    {
        foreach (var bind in Texts(host, "Binds").Select(b => b.Split(':')).Where(p => p.Length > 1 && p[0].StartsWith('/')))
        {
            Bind(bind[0], !(bind.Length > 2 && bind[2].Split(',').Contains("ro")), call);
        }

        foreach (var mount in Json.Items(Json.Member(host, "Mounts")).Where(m => Json.String(m, "Type") == "bind"))
        {
            Bind(Json.String(mount, "Source") ?? "", !Json.True(mount, "ReadOnly"), call);
        }
    }

    private void Bind(string source, bool readWrite, RecordedCall call)
    {
        // What lay inside a granted folder is learned as that.
        if (call.HostPaths.Keys.FirstOrDefault(name => name.Path == source && name.Folder is not null).Folder is { } folder)
        {
            InsideFolders.Add(folder);
            source = folder;
        }

        var known = Binds.GetValueOrDefault(source, (false, new SeenUse()));
        known.Item2.Add(call.Time);
        Binds[source] = (known.Item1 || readWrite, known.Item2);
    }

    private void Devices_(JsonElement host)
    {
        foreach (var device in Json.Items(Json.Member(host, "Devices")))
        {
            var permissions = Json.String(device, "CgroupPermissions") is { Length: > 0 } given ? given : "rwm";
            var path = Json.String(device, "PathOnHost") ?? "";
            if (!Devices.TryGetValue(path, out var all))
            {
                Devices[path] = all = [];
            }

            all.UnionWith(permissions);
        }

        foreach (var asked in Json.Items(Json.Member(host, "DeviceRequests")))
        {
            var count = Json.Member(asked, "Count") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;
            Gpus = Gpus < 0 || count < 0 ? -1 : Math.Max(Gpus, count);
        }
    }

    private void Publish(JsonElement host, RecordedCall call)
    {
        foreach (var binding in Json.Members(Json.Member(host, "PortBindings")).SelectMany(p => Json.Items(p.Value)))
        {
            Addresses.Add(Json.String(binding, "HostIp") ?? "");
            var ends = (Json.String(binding, "HostPort") ?? "").Split('-');
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last - first is >= 0 and < 65536)
            {
                for (var port = first; port <= last; port++)
                {
                    Seen(Ports, port, call);
                }
            }
        }
    }

    private void Limits(JsonElement resources)
    {
        Memory = Math.Max(Memory, Number(resources, "Memory"));
        var (quota, period) = (Number(resources, "CpuQuota"), Number(resources, "CpuPeriod"));
        Cpus = Math.Max(Cpus, Math.Max(Number(resources, "NanoCpus"), quota > 0 ? quota * 1_000_000_000 / Math.Max(period, 100_000) : 0));
        Pids = Math.Max(Pids, Number(resources, "PidsLimit"));
    }

    private void User(JsonElement body) => NeverRoot &= Json.String(body, "User") is { Length: > 0 } user && user.Split(':').All(id => uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && id[0] != '0');

    private void Network(string name, RecordedCall call)
    {
        switch (name)
        {
            case "default" or "bridge":
                Seen(Networks, "bridge", call);
                break;
            case "host":
                Seen(HostNamespaces, "network", call);
                break;
            case "none":
                Seen(Networks, "none", call);
                break;
            case var joined when joined.StartsWith("container:", StringComparison.Ordinal):
                break;
            default:
                var found = call.Objects?.FirstOrDefault(o => o.Kind == ObjectKind.Network && o.Reference == name);
                Seen(Networks, found?.Owner is not null ? "own" : found?.Name is { Length: > 0 } known ? known : name, call);
                break;
        }
    }

    /// <summary>Images by their canonical names: what is run or read, and what is made under a name.</summary>
    private void Images_(RecordedCall call, EngineRequest request)
    {
        foreach (var image in (call.Objects ?? []).Where(o => o.Kind == ObjectKind.Image))
        {
            var named = ImageReference.TryParse(image.Reference, out var reference) && !reference.MayBeId ? reference.Canonical : image.ImageNames is [var first, ..] ? first : null;
            if (named is not null)
            {
                Seen(call.Operation is "ImageDelete" or "ImagePush" ? OwnImages : Images, named, call);
            }
        }

        var query = request.Query;
        switch (call.Operation)
        {
            case "ImageCreate":
                Named(Images, Join(query.Get("fromImage"), query.Get("tag")), call);
                break;
            case "ImageTag":
                Named(OwnImages, Join(query.Get("repo"), query.Get("tag")), call);
                break;
            case "ImageCommit":
                Named(OwnImages, Join(query.Get("repo"), query.Get("tag")), call);
                break;
            case "ImagePush":
                Named(OwnImages, Join(request.Name, query.Get("tag")), call);
                break;
            case "ImageBuild":
                query.GetAll("t").ToList().ForEach(name => Named(OwnImages, name, call));
                break;
            case "DistributionInspect":
                Named(Images, request.Name, call);
                break;
            default:
                break;
        }
    }

    private static string? Join(string? name, string? tag) => string.IsNullOrEmpty(name) || string.IsNullOrEmpty(tag) ? name : tag.StartsWith("sha256:", StringComparison.Ordinal) ? $"{name}@{tag}" : $"{name}:{tag}";

    private static void Named(SortedDictionary<string, SeenUse> into, string? name, RecordedCall call)
    {
        if (name is { Length: > 0 } && ImageReference.TryParse(name, out var reference))
        {
            Seen(into, reference.Canonical, call);
        }
    }

    private static void Seen<T>(SortedDictionary<T, SeenUse> into, T value, RecordedCall call)
        where T : notnull
    {
        if (!into.TryGetValue(value, out var use))
        {
            into[value] = use = new SeenUse();
        }

        use.Add(call.Time);
    }

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        Json.String(element, name) is { } one ? [one] : Json.Strings(element, name);

    private static long Number(JsonElement element, string name) => Json.Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;
}
