namespace Gateway.Policy.Checks;

/// <summary>Fields and query parameters whose values are secrets, or often hold them: never in a log, a record or a message (I63).</summary>
internal static class SecretFields
{
    public static IReadOnlySet<string> All { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "Env", "Cmd", "Entrypoint", "Healthcheck.Test",
        "HostConfig.LogConfig.Config", "HostConfig.Mounts.VolumeOptions.DriverConfig.Options", "HostConfig.DeviceRequests.Options",
        "DriverOpts",
        "username", "password", "auth", "email", "identitytoken", "registrytoken",
        "?buildargs", "?changes", "?fromSrc", "?message", "?remote", "?session", "?outputs", "?comment", "?author",
    };

    public static bool Holds(string field) => All.Contains(field);
}
