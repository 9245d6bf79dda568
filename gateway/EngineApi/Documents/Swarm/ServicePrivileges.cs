namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>moby <c>api/types/swarm.Privileges</c>.</summary>
internal sealed class ServicePrivileges
{
    public CredentialSpec? CredentialSpec { get; set; }

    public SELinuxContext? SELinuxContext { get; set; }

    public SeccompOptions? Seccomp { get; set; }

    public AppArmorOptions? AppArmor { get; set; }

    public bool? NoNewPrivileges { get; set; }
}

internal sealed class CredentialSpec
{
    public string? Config { get; set; }

    public string? File { get; set; }

    public string? Registry { get; set; }
}

internal sealed class SELinuxContext
{
    public bool? Disable { get; set; }

    public string? User { get; set; }

    public string? Role { get; set; }

    public string? Type { get; set; }

    public string? Level { get; set; }
}

internal sealed class SeccompOptions
{
    public string? Mode { get; set; }

    public byte[]? Profile { get; set; }
}

internal sealed class AppArmorOptions
{
    public string? Mode { get; set; }
}
