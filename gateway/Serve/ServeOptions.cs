using Gateway.Forwarding;
using Gateway.Listeners;
using Gateway.Trust;

namespace Gateway.Serve;

/// <summary>What <c>serve</c> was asked to do, read and valid in form.</summary>
internal sealed record ServeOptions(
    IReadOnlyList<ListenerAddress> Addresses,
    EngineEndpoint Engine,
    TrustFiles Trust,
    string AuditLog,
    TimeSpan ShutdownTimeout,
    Serilog.Events.LogEventLevel LogLevel);
