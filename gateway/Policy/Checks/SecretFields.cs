using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>A field or query parameter that holds secrets, and what may be kept of it all the same.</summary>
/// <param name="Path">As in <see cref="Check.Reads"/>.</param>
/// <param name="NamesStay">True for a map whose names are none, and for a list whose length is none.</param>
internal sealed record SecretField(string Path, bool NamesStay = false)
{
    /// <summary>True for labels, whose values selectors are compared with: a digest stays.</summary>
    public bool DigestsStay { get; init; }

    /// <summary>Names in the map whose values are no secrets: what checks read.</summary>
    public IReadOnlyList<string> Harmless { get; init; } = [];

    /// <summary>Of a query parameter: a value of its type that says only that there was one.</summary>
    public Func<string, string> Instead { get; init; } = _ => "(left out)";
}

/// <summary>
/// Fields and query parameters whose values are secrets, or often hold them: never in a log, a record or a message (I63). Every
/// other field that <see cref="CheckCatalogue"/> knows is recorded.
/// </summary>
internal static class SecretFields
{
    private const string Service = "TaskTemplate.ContainerSpec.";
    private const string Names = "OnBuild HostConfig.Annotations HostConfig.StorageOpt HostConfig.DeviceRequests.Options DeviceRequests.Options "
        + "HostConfig.Mounts.VolumeOptions.Labels HostConfig.Mounts.VolumeOptions.DriverConfig.Options NetworkingConfig.EndpointsConfig.DriverOpts "
        + "EndpointConfig.DriverOpts DriverOpts IPAM.Options "
        + Service + "Labels " + Service + "Mounts.VolumeOptions.Labels " + Service + "Mounts.VolumeOptions.DriverConfig.Options "
        + "TaskTemplate.Networks.DriverOpts TaskTemplate.LogDriver.Options Networks.DriverOpts Driver.Options Templating.Options "
        + "TaskDefaults.LogDriver.Options CAConfig.ExternalCAs.Options Spec.Labels Spec.TaskDefaults.LogDriver.Options Spec.CAConfig.ExternalCAs.Options";

    private const string Nothing = "Env Cmd Entrypoint Shell WorkingDir Healthcheck.Test username password auth email identitytoken registrytoken "
        + Service + "Env " + Service + "Command " + Service + "Args " + Service + "Dir " + Service + "Healthcheck.Test " + Service + "Privileges.Seccomp.Profile "
        + "TaskTemplate.PluginSpec.env TaskTemplate.PluginSpec.privileges.value Data JoinToken UnlockKey CAConfig.SigningCAKey Spec.CAConfig.SigningCAKey "
        + "?fromSrc ?message ?remote ?session ?comment ?author";

    private static readonly SecretField[] Special =
    [
        new("Labels", NamesStay: true) { DigestsStay = true },
        new("HostConfig.LogConfig.Config", NamesStay: true) { Harmless = ["max-size", "max-file", "compress", "mode"] },
        new("Options", NamesStay: true) { Harmless = ["com.docker.network.driver.mtu", "com.docker.network.bridge.enable_icc"] },
        new("?labels") { Instead = NamesOf },
        new("?buildargs") { Instead = NamesOf },
        new("?outputs") { Instead = _ => "[{}]" },
        new("?changes") { Instead = change => $"{CommitCheck.Instruction(change)} (left out)" },
    ];

    private static readonly Dictionary<string, SecretField> ByPath = Special
        .Concat(Names.Split(' ').Select(path => new SecretField(path, NamesStay: true)))
        .Concat(Nothing.Split(' ').Select(path => new SecretField(path)))
        .ToDictionary(field => field.Path, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => ByPath.Keys;

    private static string NamesOf(string map) => EngineBody.WriteMap(EngineBody.ReadNames(map).ToDictionary(name => name, _ => ""));

    public static bool Holds(string field) => ByPath.ContainsKey(field);

    public static SecretField? Find(string field) => ByPath.GetValueOrDefault(field);
}
