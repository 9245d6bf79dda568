using System.Text.Json.Serialization;

namespace Gateway.Status;

/// <summary>How one gateway is: what <c>gateway status</c> shows.</summary>
/// <param name="Learning">Users whose denials are marked for <c>policy learn</c>.</param>
/// <param name="Problems">What is wrong now; none is exit code 0.</param>
/// <param name="Warnings">What ends soon.</param>
internal sealed record StatusReport(
    int Pid,
    DateTimeOffset Since,
    IReadOnlyList<string> Listeners,
    EngineState Engine,
    int Users,
    int Revoked,
    IReadOnlyList<Expiry> Expiries,
    DateTimeOffset LastReload,
    int OpenStreams,
    int OpenConnections,
    IReadOnlyList<string> Learning,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings);

/// <summary>The engine, and its version where it answers.</summary>
internal sealed record EngineState(string Address, bool Answers, string? Version);

/// <summary>Something with an end: <c>server</c>, <c>ca</c> or <c>crl</c>.</summary>
internal sealed record Expiry(string Kind, string Name, DateTimeOffset Ends);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(List<StatusReport>))]
internal sealed partial class StatusJson : JsonSerializerContext;
