using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy.Files.Cases;

namespace Gateway.Policy.Testing;

/// <summary>One case, what was decided, and why that is not what was expected.</summary>
/// <param name="Problem">Null where the case passed.</param>
internal sealed record CaseOutcome(string File, PolicyTestCase Case, Decision Decision, string? Problem)
{
    /// <summary>Null where the request is none that an engine has.</summary>
    public EngineOperation? Operation { get; } = OfflineRequest.Of(Case.Method, Case.Target).Read().Operation;
}
