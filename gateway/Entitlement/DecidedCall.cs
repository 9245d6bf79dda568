using Gateway.EngineApi;
using Gateway.Identity;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Trust;

namespace Gateway.Entitlement;

/// <summary>An allowed request with everything its decision rested on, so that it can be judged again while its answer runs.</summary>
/// <param name="DecidedBy">What was trusted when it was allowed.</param>
/// <param name="Body">The body as it was read.</param>
/// <param name="Objects">What the request named, as the engine had it then.</param>
internal sealed record DecidedCall(
    TrustSnapshot DecidedBy, EngineRequest Request, byte[] Body, IReadOnlyDictionary<ObjectReference, EngineObject?> Objects, CheckContext Context);

/// <summary>A call under way, and who made it.</summary>
internal sealed record EntitledCall(DecidedCall Call, ClientCredential Who);
