using Gateway.Forwarding;
using Gateway.Listeners;

namespace Gateway.Serve;

/// <summary>What <c>serve</c> was asked to do, read and valid in form.</summary>
internal sealed record ServeOptions(
    IReadOnlyList<ListenerAddress> Addresses,
    EngineEndpoint Engine,
    string Policies,
    string AuthorityFile,
    string CertificateFile,
    string KeyFile,
    string? RevocationFile,
    string AuditLog,
    Serilog.Events.LogEventLevel LogLevel);
