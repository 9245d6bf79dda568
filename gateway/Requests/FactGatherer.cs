using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Forwarding;
using Gateway.HostFiles;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Requests;

/// <summary>Looks up what a decision needs: the objects that the request names, and what a container or network keeps by name.</summary>
internal sealed class FactGatherer(ObjectResolver resolver, EngineClient engine, HostPathLookup hostPaths)
{
    // moby layer/layer_store.go: no image has more.
    private const int MostLayers = 125;

    public async Task<RequestFacts> GatherAsync(AccessPolicy policy, Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var operation = request.Operation!;
        var facts = new RequestFacts
        {
            Objects = await resolver.FindAllAsync(RequestReferences.Of(request, body), cancellationToken),
            IsAdministrator = name => EffectiveRoles.IsAdministrator(name, policy),
            HostPaths = HostPathFacts.None,
        };

        // More is asked about what is the caller's own alone: nothing that another's object could be told apart by.
        facts = operation.Name switch
        {
            "ContainerStart" or "ContainerRestart" or "ContainerRename" or "PutContainerArchive" when facts.Find(ObjectKind.Container, request.Name!) is { } container && IsLimited(caller, operation, container) =>
                await WithStoredAsync(facts, container, cancellationToken),
            "NetworkDelete" when facts.Find(ObjectKind.Network, request.Name!) is { } network && IsLimited(caller, operation, network) =>
                facts with { NetworkUsers = await NetworkUsersAsync([network.Name, network.Id], cancellationToken) },
            "NetworkCreate" when EngineBody.Read<NetworkCreateBody>(body.Span).Name is { Length: > 0 } name && ObjectName.IsValid(name) =>
                facts with { NetworkUsers = await NetworkUsersAsync([name], cancellationToken) },
            "ImageDelete" when caller.Roles.Any(role => role.Grants is not null) && facts.Find(ObjectKind.Image, request.Name!) is { } image =>
                facts with { NamelessParents = await NamelessParentsAsync(image, cancellationToken) },
            _ => facts,
        };
        return await WithHostPathsAsync(facts with { EngineVersion = engine.Identity.Api }, caller, request, body, cancellationToken);
    }

    /// <summary>The facts, and what a container that was just made keeps by name or path.</summary>
    public async Task<RequestFacts> OfCreatedAsync(EngineObject container, CheckContext context, CancellationToken cancellationToken)
    {
        var facts = await WithStoredAsync(context.Facts, container, cancellationToken);
        return facts with { HostPaths = await hostPaths.LookAsync(RequestHostPaths.Of(container, context), cancellationToken) };
    }

    /// <summary>The facts, and how those host paths stand that one of the caller's roles grants.</summary>
    public async Task<RequestFacts> WithHostPathsAsync(RequestFacts facts, Caller caller, EngineRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        facts with { HostPaths = await hostPaths.LookAsync(RequestHostPaths.Of(caller, request, body, facts.Objects), cancellationToken) };

    /// <summary>The facts, and what the container keeps by name.</summary>
    private async Task<RequestFacts> WithStoredAsync(RequestFacts facts, EngineObject container, CancellationToken cancellationToken)
    {
        var all = new Dictionary<ObjectReference, EngineObject?>(facts.Objects);
        foreach (var (reference, found) in await resolver.FindAllAsync(StoredReferences.Of(container).Where(r => !facts.Objects.ContainsKey(r)), cancellationToken))
        {
            all[reference] = found;
        }

        return facts with { Objects = all };
    }

    private static bool IsLimited(Caller caller, EngineOperation operation, EngineObject found) =>
        caller.Roles.Any(role => role.Grants is not null && ObjectScope.Of(caller, role, operation) is { All: false } scope && scope.Allows(found));

    private async Task<IReadOnlyList<EngineObject>> NamelessParentsAsync(EngineObject image, CancellationToken cancellationToken)
    {
        List<EngineObject> parents = [];
        while (parents.Count < MostLayers && Json.String(image.Raw, "Parent") is { Length: > 0 } parent
            && await resolver.FindAsync(new ObjectReference(ObjectKind.Image, parent), cancellationToken) is { ImageNames.Count: 0 } nameless)
        {
            parents.Add(nameless);
            image = nameless;
        }

        return parents;
    }

    private async Task<IReadOnlyList<EngineObject>> NetworkUsersAsync(string[] names, CancellationToken cancellationToken)
    {
        var filters = names.Aggregate(EngineFilters.Parse(null, OperationCatalogue.Get("ContainerList")), (all, name) => all.With("network", name));
        return await engine.ListAsync(ObjectKind.Container, filters, skipTooLong: false, cancellationToken).ToListAsync(cancellationToken);
    }
}
