using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Narrowing;

/// <summary>What a caller may see of the engine's answers: the questions that narrowing asks, answered by the role that allowed the request.</summary>
internal sealed class Viewer(CheckContext context)
{
    public string User => context.User;

    public ObjectScope Scope => context.Scope;

    /// <summary>True for an object, as a list shows it, that a rule of the operation is about.</summary>
    public bool Sees(ObjectKind kind, JsonElement listed) => Sees(EngineObject.OfListed(kind, listed));

    public bool Sees(EngineObject found) => context.Scope.Covers(found);

    /// <summary>True for a canonical image name that the caller may read.</summary>
    public bool SeesImageName(string name) => ImageReference.TryParse(name, out var reference) && ImageAccess.MayReadName(context, reference.Canonical);

    public bool SeesImage(EngineObject image) => ImageAccess.MayRead(context, image);

    /// <summary>A network that is shared by its name: seen, but without who else is on it.</summary>
    public bool SharesNetwork(EngineObject network) => context.Grants.Networks.Contains(network.Name) && network.Name != "own" && context.MayBeShared(network);
}
