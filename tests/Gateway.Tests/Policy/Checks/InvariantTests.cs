using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Tests.Policy.Checks.Support;
using Xunit;

namespace Gateway.Tests.Policy.Checks;

/// <summary>
/// What must hold of whatever is forwarded, looked at in the forwarded bodies and queries themselves and not in the checks' words:
/// over every request of both tables, under the grants of its case and under none but the ordinary ones.
/// </summary>
public sealed class InvariantTests
{
    private static readonly IReadOnlyList<(string Name, string Operation, string Grants, JsonElement Body, string Query)> Forwarded = [.. All()];

    [Fact]
    public void I16_DecidesTheSameUnderEveryVersionOrMoreStrictly() =>
        Each(AllCases().Where(c => c is { Operation: "ContainerCreate" or "ContainerUpdate" or "ContainerExec" or "VolumeCreate" or "NetworkCreate" }), tried =>
            CheckRun.Of(tried).Decision.Allowed || ((int[])[24, 41, 44]).All(version => !CheckRun.Of(tried, version: version).Decision.Allowed));

    [Fact]
    public void I17_ForwardsPrivilegedOnlyUnderItsGrant() =>
        Each(f => f.Grants.Contains("privileged: true", StringComparison.Ordinal) || (!IsTrue(f.Body, "HostConfig.Privileged") && !IsTrue(f.Body, "Privileged")));

    [Fact]
    public void I18_ForwardsOnlyGrantedCapabilities() =>
        Each(f => Texts(f.Body, "HostConfig.CapAdd").All(c => f.Grants.Contains("ALL", StringComparison.Ordinal) || f.Grants.Contains(c.ToUpperInvariant().Replace("CAP_", "", StringComparison.Ordinal), StringComparison.Ordinal)));

    [Fact]
    public void I19_JoinsTheHostsOrAnothersNamespaceOnlyUnderItsGrant() =>
        Each(f => (f.Operation != "ContainerCreate" || Text(f.Body, "HostConfig.CgroupnsMode") == "private" || f.Grants.Contains("host-namespaces", StringComparison.Ordinal))
            && ((string[])["PidMode", "IpcMode", "UTSMode", "UsernsMode", "CgroupnsMode", "NetworkMode"]).All(mode =>
            Text(f.Body, "HostConfig." + mode) is not { } value
            || (value != "host" || f.Grants.Contains("host-namespaces", StringComparison.Ordinal))
            && (!value.StartsWith("container:", StringComparison.Ordinal) || value[10..].StartsWith('a') && value.Length == 74)));

    [Fact]
    public void I20_BindsOnlyGrantedSources() =>
        Each(f => Member(f.Body, "HostConfig.Binds").ValueKind == JsonValueKind.Undefined
            && Mounts(f.Body, "bind").All(m => f.Grants.Contains(Json.String(m, "Source")!.Replace("/alice", "/${user}", StringComparison.Ordinal), StringComparison.Ordinal))
            && Mounts(f.Body, "volume").Where(OfFolder).All(m => Device(m) is { } folder
                && f.Grants.Contains($"{folder.Replace("/alice", "/${user}", StringComparison.Ordinal)}", StringComparison.Ordinal) && f.Grants.Contains("inside: true", StringComparison.Ordinal)
                && Json.String(m, "Source") == FolderVolume.NameOf(folder) && Json.String(Json.Member(m, "VolumeOptions"), "Subpath")!.Split('/').All(part => part is not ("" or "." or ".."))));

    [Fact]
    public void I23_KeepsDeviceNodesOutOfWritableBinds() =>
        Each(f => Mounts(f.Body, "bind").Concat(Mounts(f.Body, "volume").Where(OfFolder)).All(m => Json.True(m, "ReadOnly") || Texts(f.Body, "HostConfig.CapDrop").Contains("MKNOD")));

    [Fact]
    public void I25_NeverLetsTheEngineMakeABindsSource() =>
        Each(f => Mounts(f.Body, "bind").All(m => !Json.True(Json.Member(m, "BindOptions"), "CreateMountpoint")));

    [Fact]
    public void I26_UsesOnlyTheLocalVolumeDriverAndTheBridgeNetworkDriver() =>
        Each(f => Mounts(f.Body, "volume").Where(m => !OfFolder(m)).All(m => Json.Member(Json.Member(m, "VolumeOptions"), "DriverConfig") is var driver && Json.String(driver, "Name") is null or "" or "local" && Json.Map(Json.Member(driver, "Options")).Count == 0)
            && Text(f.Body, "HostConfig.VolumeDriver") is null or "" or "local"
            && (f.Operation != "VolumeCreate" || Text(f.Body, "Driver") is null or "" or "local" && Json.Map(Member(f.Body, "DriverOpts")).Count == 0)
            && (f.Operation != "NetworkCreate" || Text(f.Body, "Driver") is null or "" or "bridge"));

    [Fact]
    public void I27_ForwardsDevicesRuntimesAndSysctlsOnlyIfListed() =>
        Each(f => Json.Items(Member(f.Body, "HostConfig.Devices")).All(d => f.Grants.Contains(Json.String(d, "PathOnHost")!, StringComparison.Ordinal))
            && (Text(f.Body, "HostConfig.Runtime") is null or "" || f.Grants.Contains("runtimes", StringComparison.Ordinal))
            && Json.Members(Member(f.Body, "HostConfig.Sysctls")).All(s => f.Grants.Contains(s.Name, StringComparison.Ordinal))
            && (!Json.Items(Member(f.Body, "HostConfig.DeviceRequests")).Any() || f.Grants.Contains("gpu", StringComparison.Ordinal))
            && !Json.Members(Member(f.Body, "HostConfig.Annotations")).Any()
            && !Json.Items(Member(f.Body, "HostConfig.DeviceCgroupRules")).Any()
            && Text(f.Body, "HostConfig.CgroupParent") is null or "");

    [Fact]
    public void I28_LeavesTheMasksOverProcAndSys() =>
        Each(f => f.Grants.Contains("systempaths", StringComparison.Ordinal)
            || (Member(f.Body, "HostConfig.MaskedPaths").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null && Member(f.Body, "HostConfig.ReadonlyPaths").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null));

    [Fact]
    public void I29_ForwardsSecurityOptionsInOneForm() =>
        Each(f => Texts(f.Body, "HostConfig.SecurityOpt").All(o => o == "no-new-privileges=true" || (o.Contains('=', StringComparison.Ordinal) && f.Grants.Contains(o, StringComparison.Ordinal))));

    [Fact]
    public void I30_PublishesOnlyOnGrantedAddressesAndPorts() =>
        Each(f => !IsTrue(f.Body, "HostConfig.PublishAllPorts")
            && Json.Members(Member(f.Body, "HostConfig.PortBindings")).SelectMany(p => Json.Items(p.Value)).All(b =>
                f.Grants.Contains("publish", StringComparison.Ordinal)
                || (Json.String(b, "HostIp") == "127.0.0.1" && Json.String(b, "HostPort")!.Split('-').All(port => int.Parse(port, System.Globalization.CultureInfo.InvariantCulture) is >= 20000 and <= 29999))));

    [Fact]
    public void I31_StartsNothingAsRootUnderNonRoot() =>
        Each(f => !f.Grants.Contains("non-root", StringComparison.Ordinal) || f.Operation switch
        {
            "ContainerCreate" => IsPlainNumber(Text(f.Body, "User")) && Texts(f.Body, "HostConfig.SecurityOpt").Contains("no-new-privileges=true") && !Texts(f.Body, "HostConfig.GroupAdd").Any(),
            "ContainerExec" => IsPlainNumber(Text(f.Body, "User")),
            "ImageBuild" => false,
            _ => true,
        });

    [Fact]
    public void I32_AlwaysLimitsMemoryCpusAndProcesses() =>
        Each(f => f.Operation switch
        {
            "ContainerCreate" => Number(f.Body, "HostConfig.Memory") > 0 && Number(f.Body, "HostConfig.PidsLimit") > 0 && (Number(f.Body, "HostConfig.NanoCpus") > 0 || Number(f.Body, "HostConfig.CpuQuota") > 0),
            "ContainerUpdate" => ((string[])["Memory", "MemorySwap", "PidsLimit", "NanoCpus", "CpuQuota"]).All(limit => Number(f.Body, limit) is not < 0) && Number(f.Body, "PidsLimit") is not 0,
            "ImageBuild" => f.Query.Contains("memory=", StringComparison.Ordinal) && f.Query.Contains("cpuquota=", StringComparison.Ordinal),
            _ => true,
        });

    [Fact]
    public void I33_UsesOnlyLogDriversThatReachNothingOrAreGranted() =>
        Each(f => f.Operation != "ContainerCreate" || Text(f.Body, "HostConfig.LogConfig.Type") is "json-file" or "local" or "none" || f.Grants.Contains("log-drivers", StringComparison.Ordinal));

    [Fact]
    public void I34_BuildsWithoutReach() =>
        Each(f => f.Operation != "ImageBuild"
            || (((string[])["remote=", "outputs=", "cgroupparent=", "session=", "networkmode=host", "version=2"]).All(word => !f.Query.Contains(word, StringComparison.Ordinal)) && !f.Query.Contains("securityopt=[", StringComparison.Ordinal)));

    [Fact]
    public void I41_WritesNoOwnerButTheCaller() =>
        Each(f => Labels(f.Body).Where(l => OwnerLabel.IsReserved(l.Key)).All(l => l is { Key: OwnerLabel.Name, Value: CheckWorld.Alice }) && !f.Query.Contains("\"gateway.owner\":\"bob", StringComparison.Ordinal));

    [Fact]
    public void I42_GivesWhateverComesIntoBeingItsOwner() =>
        Each(f => f.Operation switch
        {
            "ContainerCreate" => Labels(f.Body).Any(l => l.Key == OwnerLabel.Name) && Mounts(f.Body, "volume").Where(m => !OfFolder(m)).All(m => Json.Map(Json.Member(Json.Member(m, "VolumeOptions"), "Labels")).ContainsKey(OwnerLabel.Name)),
            "VolumeCreate" or "NetworkCreate" or "ImageCommit" => Labels(f.Body).Any(l => l.Key == OwnerLabel.Name),
            "ImageBuild" => f.Query.Contains("\"gateway.owner\":\"alice\"", StringComparison.Ordinal),
            _ => true,
        });

    [Fact]
    public void I46_GivesNamesInTheOwnNamespaceOnly() =>
        Each(f => f.Operation switch
        {
            "ImageTag" or "ImageCommit" => Values(f.Query, "repo").All(IsOwnName),
            "ImageBuild" => Values(f.Query, "t").All(IsOwnName),
            "ImageCreate" => Values(f.Query, "repo").Concat(Values(f.Query, "fromSrc")).All(value => value.Length == 0),
            "ImageLoad" => false,
            _ => true,
        });

    [Fact]
    public void I49_ForwardsNoIdOfABuild() => Each(f => !f.Query.Contains("buildid=", StringComparison.Ordinal));

    private static bool IsOwnName(string name) => name.Length == 0 || name.StartsWith("localhost/alice/", StringComparison.Ordinal);

    /// <summary>What a forwarded query, shown without escapes, says under a name.</summary>
    private static IEnumerable<string> Values(string query, string name) =>
        query.TrimStart('?').Split('&').Where(part => part.StartsWith(name + "=", StringComparison.Ordinal)).Select(part => part[(name.Length + 1)..]);

    private static IEnumerable<CheckCase> AllCases() => AllowedCases.All.Concat(DeniedCases.All);

    private static IEnumerable<(string, string, string, JsonElement, string)> All()
    {
        foreach (var tried in AllCases().Concat(AllCases().Where(c => c.Grants.Length > 0).Select(c => c with { Grants = "" })))
        {
            var (decision, body, query) = CheckRun.Of(tried);
            if (decision.Allowed)
            {
                using var document = JsonDocument.Parse(body.Length == 0 ? "{}" : body);
                yield return (tried.ToString(), tried.Operation, tried.Grants, document.RootElement.Clone(), query);
            }
        }
    }

    private static void Each(Func<(string Name, string Operation, string Grants, JsonElement Body, string Query), bool> holds) =>
        Assert.Equal("", string.Join("\n", Forwarded.Where(f => !holds(f)).Select(f => $"{f.Name}: {f.Body} {f.Query}")));

    private static void Each(IEnumerable<CheckCase> cases, Func<CheckCase, bool> holds) => Assert.Equal("", string.Join("\n", cases.Where(c => !holds(c))));

    private static JsonElement Member(JsonElement body, string path) => path.Split('.').Aggregate(body, Json.Member);

    private static string? Text(JsonElement body, string path) => Member(body, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static long? Number(JsonElement body, string path) => Member(body, path) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;

    private static bool IsTrue(JsonElement body, string path) => Member(body, path).ValueKind == JsonValueKind.True;

    private static IEnumerable<string> Texts(JsonElement body, string path) => Json.Items(Member(body, path)).Select(item => item.GetString()!);

    private static IEnumerable<JsonElement> Mounts(JsonElement body, string type) => Json.Items(Member(body, "HostConfig.Mounts")).Where(m => Json.String(m, "Type") == type);

    private static string? Device(JsonElement mount) => Json.String(Json.Member(Json.Member(Json.Member(mount, "VolumeOptions"), "DriverConfig"), "Options"), "device");

    private static bool OfFolder(JsonElement mount) => Device(mount) is not null;

    private static Dictionary<string, string> Labels(JsonElement body) => Json.Map(Json.Member(body, "Labels"));

    private static bool IsPlainNumber(string? user) => user?.Split(':') is { Length: <= 2 } ids && ids.All(id => id.All(char.IsAsciiDigit) && id.Length > 0 && id[0] != '0');
}
