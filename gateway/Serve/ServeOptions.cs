using Gateway.Audit;
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
    /// <summary>What of this gateway is never bound into a container (threats, rule B9; I24).</summary>
    public ProtectedFiles ProtectedFiles => ProtectedFiles.Of(
        Trust.Watched,
        [
            Trust.Policies, Engine.Path, Status.ControlSocket ?? ControlFolder.Path, ConfigFile, .. SignatureFiles, AppContext.BaseDirectory.TrimEnd('/'),
            .. Listeners.Addresses.OfType<UnixAddress>().Select(address => address.Path),
            AuditLog, AuditFiles.Head(AuditLog), .. Enumerable.Range(1, Audit.Keep).Select(number => AuditFiles.Older(AuditLog, number)),
        ]);

    /// <summary>The trusted files, with policies judged against <see cref="ProtectedFiles"/>.</summary>
    public TrustFiles TrustFiles => Trust with { PolicyOptions = Trust.PolicyOptions with { ProtectedPaths = ProtectedFiles.Paths } };

    public AuditLogOptions Audit { get; init; } = new();

    /// <summary>The file of settings.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The signature that policies must carry, and the key that it is checked by.</summary>
    public IReadOnlyList<string?> SignatureFiles { get; init; } = [];

    public Requests.LearnedUsers Learned { get; init; } = Requests.LearnedUsers.None;
}
