using Gateway.EngineApi;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>Everything that was looked up for one request before it is decided: the decision itself does no I/O.</summary>
internal sealed record RequestFacts
{
    /// <summary>What each name in the request stands for; null where the engine knows none, or more than one.</summary>
    public required IReadOnlyDictionary<ObjectReference, EngineObject?> Objects { get; init; }

    /// <summary>Anybody's containers, stopped ones too, that keep the name of the network that is made or removed (threats §4.2).</summary>
    public IReadOnlyList<EngineObject> NetworkUsers { get; init; } = [];

    /// <summary>The nameless images that the one to be removed was made from, nearest first: an engine removes them with it.</summary>
    public IReadOnlyList<EngineObject> NamelessParents { get; init; } = [];

    /// <summary>True for a user of the policy with a root-equivalent role: what these own may be shared by name.</summary>
    public Func<string, bool> IsAdministrator { get; init; } = _ => false;

    /// <summary>The engine's newest API version (51 is 1.51), which a request without one is of; null where no engine was asked.</summary>
    public int? EngineVersion { get; init; }

    /// <summary>What was seen of the host paths that the request leads to.</summary>
    public required HostPathFacts HostPaths { get; init; }

    public EngineObject? Find(ObjectKind kind, string name) => Objects.GetValueOrDefault(new ObjectReference(kind, name));
}
