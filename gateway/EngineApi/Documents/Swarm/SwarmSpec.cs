namespace Gateway.EngineApi.Documents.Swarm;

/// <summary>The body of SwarmUpdate, and a part of SwarmInit's: moby <c>api/types/swarm.Spec</c>.</summary>
internal sealed class SwarmSpec
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public OrchestrationConfig? Orchestration { get; set; }

    public RaftConfig? Raft { get; set; }

    public DispatcherConfig? Dispatcher { get; set; }

    public CertificateAuthorityConfig? CAConfig { get; set; }

    public TaskDefaults? TaskDefaults { get; set; }

    public EncryptionConfig? EncryptionConfig { get; set; }
}

internal sealed class OrchestrationConfig
{
    public long? TaskHistoryRetentionLimit { get; set; }
}

internal sealed class RaftConfig
{
    public ulong? SnapshotInterval { get; set; }

    public ulong? KeepOldSnapshots { get; set; }

    public ulong? LogEntriesForSlowFollowers { get; set; }

    public long? ElectionTick { get; set; }

    public long? HeartbeatTick { get; set; }
}

internal sealed class DispatcherConfig
{
    /// <summary>Nanoseconds.</summary>
    public long? HeartbeatPeriod { get; set; }
}

/// <summary>moby <c>api/types/swarm.CAConfig</c>. The signing key is a secret.</summary>
internal sealed class CertificateAuthorityConfig
{
    /// <summary>Nanoseconds.</summary>
    public long? NodeCertExpiry { get; set; }

    public List<ExternalAuthority>? ExternalCAs { get; set; }

    public string? SigningCACert { get; set; }

    public string? SigningCAKey { get; set; }

    public ulong? ForceRotate { get; set; }
}

internal sealed class ExternalAuthority
{
    public string? Protocol { get; set; }

    public string? URL { get; set; }

    public Dictionary<string, string>? Options { get; set; }

    public string? CACert { get; set; }
}

internal sealed class TaskDefaults
{
    public SwarmDriver? LogDriver { get; set; }
}

internal sealed class EncryptionConfig
{
    public bool? AutoLockManagers { get; set; }
}
