using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Offline;

internal enum Outcome { Denied, Allowed, Undecided }

/// <summary>One way that things may stand at the engine, and what serve would then decide.</summary>
/// <param name="Objects">The objects that the request names, an absent one as null.</param>
internal sealed record OfflineWorld(IReadOnlyDictionary<ObjectReference, EngineObject?> Objects, bool HostPathsAreSafe, Verdict Verdict)
{
    public Decision Decision => Verdict.Decision;
}

/// <summary>What serve would decide: one decision, or undecided where that depends on what only the engine or its host knows.</summary>
/// <param name="Worlds">All that were tried; at least one.</param>
/// <param name="Complete">False where there were too many possibilities to try them all; the outcome is then undecided.</param>
internal sealed record OfflineAnswer(EngineRequest Request, IReadOnlyList<OfflineWorld> Worlds, bool Complete = true)
{
    public Outcome Outcome { get; } =
        !Complete || Worlds.Any(world => world.Decision.Allowed) && Worlds.Any(world => !world.Decision.Allowed) ? Outcome.Undecided
        : Worlds[0].Decision.Allowed ? Outcome.Allowed
        : Outcome.Denied;

    /// <summary>The decision to show: where it is undecided, a denial that the request's own words led to goes before one about objects.</summary>
    public Decision Decision => Shown.Decision;

    public OfflineWorld Shown => Worlds.OrderBy(Order).First();

    private int Order(OfflineWorld world) => world.Decision switch
    {
        { Allowed: true } => 0,
        { Reason: DenyReason.NotGranted or DenyReason.MalformedRequest or DenyReason.DeniedByRule } => 1,
        _ => 2,
    };
}
