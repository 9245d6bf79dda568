using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// What a container keeps by name or id is still its owner's, or shared by a grant: looked at before each start, and once after
/// the create (threats §4.2; I38, I45). What is gone is the engine's own business.
/// </summary>
internal static class StoredReferencesCheck
{
    public static void Check(EngineObject container, RequestFacts facts, CheckContext context)
    {
        if (context.Unlimited || context.AllObjects)
        {
            return;
        }

        foreach (var reference in StoredReferences.Of(container))
        {
            if (facts.Objects.GetValueOrDefault(reference) is { } found && !MayKeep(found, container.Owner, context))
            {
                context.NotFound(reference.Kind, reference.Name);
            }
        }
    }

    private static bool MayKeep(EngineObject found, string? owner, CheckContext context) => found.Kind == ObjectKind.Network
        ? NetworkCheck.MayJoin(found, owner, context)
        : found.Owner is not null && found.Owner == owner;
}
