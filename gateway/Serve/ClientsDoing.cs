using Serilog.Events;

namespace Gateway.Serve;

/// <summary>
/// What Kestrel logs as an error though a client's hanging up in the middle of a body is all that happened: the read that was given up
/// counts as still in progress when Kestrel would drain the rest. The connection closes, and the audit record says why.
/// </summary>
internal static class ClientsDoing
{
    private const string DrainOfABrokenBody = "RequestBodyDrainBodyReaderInvalidState";

    public static bool IsMeant(LogEvent logged) =>
        logged.Properties.GetValueOrDefault("EventId") is StructureValue id
        && id.Properties.Any(part => part is { Name: "Name", Value: ScalarValue { Value: DrainOfABrokenBody } });
}
