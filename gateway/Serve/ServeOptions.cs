using Gateway.Forwarding;
using Gateway.HostFiles;
using Gateway.Listeners;
using Gateway.Status;
using Gateway.Trust;

namespace Gateway.Serve;

/// <summary>What <c>serve</c> was asked to do, read and valid in form.</summary>
internal sealed record ServeOptions(
    ListenerOptions Listeners,
    EngineEndpoint Engine,
    TrustFiles Trust,
    string AuditLog,
    TimeSpan ShutdownTimeout,
    StatusOptions Status,
    Serilog.Events.LogEventLevel LogLevel)
{
    /// <summary>What of this gateway is never bound into a container (threats, rule B9).</summary>
    public ProtectedFiles ProtectedFiles { get; } = Protected(Trust, AuditLog, Engine);

    public TrustFiles Trust { get; } = Trust with { PolicyOptions = Trust.PolicyOptions with { ProtectedPaths = Protected(Trust, AuditLog, Engine).Paths } };

    private static ProtectedFiles Protected(TrustFiles trust, string auditLog, EngineEndpoint engine) => ProtectedFiles.Of(trust.Single, [trust.Policies, auditLog, engine.Path]);

    public Audit.AuditLogOptions Audit { get; init; } = new();
}
