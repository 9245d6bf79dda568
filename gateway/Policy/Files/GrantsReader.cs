using System.Net;
using Gateway.Policy.Checks;
using Gateway.Policy.Files.Values;
using Gateway.Policy.Files.Yaml;

namespace Gateway.Policy.Files;

/// <summary>Binds a role's <c>grants:</c>. A key left out grants nothing.</summary>
internal sealed class GrantsReader(PolicyLoadOptions options, Findings findings)
{
    public static readonly string[] Keys =
    [
        "images", "own-images", "binds", "networks", "publish", "capabilities", "devices", "gpus", "runtimes", "sysctls",
        "security-options", "host-namespaces", "privileged", "user", "memory", "cpus", "pids",
        "shm-size", "ulimits", "log-drivers", "registries", "labels", "subnets",
    ];

    private readonly BindsReader _binds = new(options, findings);

    /// <summary>What can be said only when every role was read.</summary>
    public void Finish() => _binds.Nested.Report();

    public Grants Read(YamlNode node, bool rootEquivalent)
    {
        if (MapReader.Of(node, findings, Keys) is not { } map) return options.Limits.ToGrants();
        var images = ReadImages(map, "images");
        var nonRoot = map.Value("user", Words.User);
        var grants = new Grants
        {
            Images = images,
            OwnImages = map.Has("own-images") ? ReadImages(map, "own-images") : [.. images.Where(image => image.Contains(UserVariable.Text, StringComparison.Ordinal))],
            Binds = _binds.Read(map.Items("binds"), rootEquivalent, nonRoot),
            Networks = map.List<string>("networks", Endpoints.TryParseNetwork),
            Publish = ReadPublish(map),
            Capabilities = map.List<string>("capabilities", Capability.TryParse),
            Devices = ReadDevices(map),
            Gpus = (int)map.Value<long>("gpus", Amounts.TryParseGpus),
            Runtimes = map.List<string>("runtimes", KernelSetting.TryParseRuntime),
            Sysctls = map.List<string>("sysctls", KernelSetting.TryParseSysctl),
            SecurityOptions = map.List<string>("security-options", KernelSetting.TryParseSecurityOption),
            HostNamespaces = map.List("host-namespaces", Words.HostNamespace),
            Privileged = map.Value("privileged", Words.Flag),
            NonRoot = nonRoot,
            Memory = LimitReader.Read(map, "memory", Amounts.TryParseSize, findings) ?? options.Limits.Memory,
            Cpus = LimitReader.Read(map, "cpus", Amounts.TryParseCpus, findings) ?? options.Limits.Cpus,
            Pids = LimitReader.Read(map, "pids", Amounts.TryParsePids, findings) ?? options.Limits.Pids,
            ShmSize = map.Has("shm-size") ? map.Value<long>("shm-size", Amounts.TryParseSize) : null,
            Ulimits = ReadUlimits(map),
            LogDrivers = ReadLogDrivers(map),
            Registries = map.Has("registries") ? map.List<string>("registries", RegistryHost.TryParse) : null,
            Labels = map.List<string>("labels", LabelPrefix.TryParse),
            Subnets = map.List<IPNetwork>("subnets", Endpoints.TryParseSubnet),
        };
        if (!rootEquivalent) WarnOfHostReach(map, grants);
        return grants;
    }

    private List<string> ReadImages(MapReader map, string key) =>
        [.. map.List<IReadOnlyList<string>>(key, ImagePattern.TryParse).SelectMany(globs => globs)];

    private PublishGrant? ReadPublish(MapReader grants)
    {
        if (grants.Map("publish", "addresses", "ports") is not { } map) return null;
        var complete = map.Require("addresses", "addresses: [127.0.0.1]") & map.Require("ports", "ports: 20000-29999");
        var addresses = map.List<string>("addresses", Endpoints.TryParseAddress);
        IReadOnlyList<PortRange> ports = map.Node("ports") is YamlText
            ? [map.Value<PortRange>("ports", Endpoints.TryParsePorts)]
            : map.List<PortRange>("ports", Endpoints.TryParsePorts);
        return complete ? new PublishGrant(addresses, ports) : null;
    }

    private List<DeviceGrant> ReadDevices(MapReader grants)
    {
        const string EveryPermission = "rwm";
        var devices = new List<DeviceGrant>();
        foreach (var item in grants.Items("devices"))
        {
            var map = item is YamlMap ? MapReader.Of(item, findings, "path", "permissions") : null;
            if (map is not null && !map.Require("path", "path: /dev/NAME")) continue;
            var path = MapReader.Parse<string>(map?.Node("path") ?? item, HostPath.TryParseDevice, findings);
            var permissions = map?.Has("permissions") == true ? map.Value("permissions", DevicePermissions) : EveryPermission;
            if (path is not null && permissions is not null) devices.Add(new DeviceGrant(path, permissions));
        }

        return devices;
    }

    private Dictionary<string, long> ReadUlimits(MapReader grants)
    {
        string[] names = [.. UlimitCheck.Names];
        return grants.Map("ulimits", names) is { } map
            ? names.Where(map.Has).ToDictionary(name => name, name => map.Value<long>(name, Amounts.TryParseUlimit), StringComparer.Ordinal)
            : [];
    }

    private List<LogDriverGrant> ReadLogDrivers(MapReader grants)
    {
        var drivers = new List<LogDriverGrant>();
        foreach (var item in grants.Items("log-drivers"))
        {
            var map = item is YamlMap ? MapReader.Of(item, findings, "driver", "options") : null;
            if (map is not null && !map.Require("driver", "driver: NAME")) continue;
            var driver = MapReader.Parse<string>(map?.Node("driver") ?? item, LogDriver.TryParse, findings);
            var options = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in MapReader.Entries(map?.Node("options"), findings))
            {
                if (value is YamlText text) options[key.Value] = text.Value;
                else findings.Error(value.At, $"expected text, not {value.Kind}");
            }

            if (driver is not null) drivers.Add(new LogDriverGrant(driver, options));
        }

        return drivers;
    }

    private static TextParser<string> DevicePermissions { get; } =
        Words.OneOf([.. new[] { "r", "w", "m", "rw", "rm", "wm", "rwm" }.Select(word => (word, word))]);

    private void WarnOfHostReach(MapReader map, Grants grants)
    {
        Warn(map, "privileged", grants.Privileged);
        Warn(map, "host-namespaces", grants.HostNamespaces.Count > 0);
        Warn(map, "devices", grants.Devices.Count > 0);
        Warn(map, "runtimes", grants.Runtimes.Count > 0);
        Warn(map, "security-options", grants.SecurityOptions.Count > 0);
        Warn(map, "log-drivers", grants.LogDrivers.Count > 0);
        Warn(map, "capabilities", grants.Capabilities.Any(Capability.ReachesHost));
        foreach (var pattern in map.Items("own-images").OfType<YamlText>().Where(p => !UserVariable.IsIn(p.Value)))
        {
            findings.Warn(pattern.At, $"own-images {Quoted.Text(pattern.Value)} has no ${{user}}: every user of the role may replace the images that the others run");
        }
    }

    private void Warn(MapReader map, string key, bool reachesHost)
    {
        if (reachesHost) findings.Warn(map.KeyAt(key), $"{key}: may make the role root on the host; a role that is meant to be says \"root-equivalent: true\"");
    }
}
