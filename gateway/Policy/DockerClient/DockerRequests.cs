using Gateway.Objects;
using Gateway.Offline;

namespace Gateway.Policy.DockerClient;

/// <summary>What a docker command sends.</summary>
/// <param name="Created">Objects that the command itself had made: its caller's from then on.</param>
/// <param name="Complete">False where the client stopped before its end: it might have sent more.</param>
/// <param name="Note">What is to be known about how this was found out, or null.</param>
internal sealed record DockerRequests(IReadOnlyList<OfflineRequest> Requests, IReadOnlyList<CreatedObject> Created, string? Note = null, bool Complete = true);

/// <param name="Request">The number of the request that made it, from 0.</param>
internal sealed record CreatedObject(ObjectReference Reference, int Request);
