using Gateway.EngineApi;
using Gateway.Forwarding;

namespace Gateway.Objects;

/// <summary>
/// Turns names into objects with one inspect at the engine each (threats §4.1). From its answer come the full id and the owner;
/// whatever the engine would have taken the name for, the id is what is forwarded.
/// </summary>
internal sealed class ObjectResolver(EngineClient engine)
{
    /// <summary>The object, or null where the engine knows none, or more than one, of that name.</summary>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    public async Task<EngineObject?> FindAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        if (reference.Kind == ObjectKind.Exec)
        {
            return await FindExecAsync(reference.Name, cancellationToken);
        }

        if (Path(reference) is not { } path || await engine.GetAsync(path, cancellationToken) is not { } raw)
        {
            return null;
        }

        var found = EngineObject.Of(reference.Kind, raw);
        return found.Id.Length == 0 ? throw new EngineAnswerException("the engine's answer to a lookup has no id") : found;
    }

    public async Task<IReadOnlyDictionary<ObjectReference, EngineObject?>> FindAllAsync(IEnumerable<ObjectReference> references, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ObjectReference, EngineObject?>();
        foreach (var reference in references.Distinct())
        {
            found[reference] = await FindAsync(reference, cancellationToken);
        }

        return found;
    }

    /// <summary>An exec has no labels: its owner is its container's.</summary>
    private async Task<EngineObject?> FindExecAsync(string id, CancellationToken cancellationToken)
    {
        if (await engine.GetAsync($"/exec/{PercentText.Encode(id)}/json", cancellationToken) is not { } raw
            || Json.String(raw, "ID") is not { } full
            || Json.String(raw, "ContainerID") is not { } containerId
            || await FindAsync(new ObjectReference(ObjectKind.Container, containerId), cancellationToken) is not { } container)
        {
            return null;
        }

        return new EngineObject(ObjectKind.Exec, full, container.Name, container.Owner, container.Labels, raw);
    }

    private static string? Path(ObjectReference reference)
    {
        var name = PercentText.Encode(reference.Name);
        return reference.Kind switch
        {
            ObjectKind.Container => $"/containers/{name}/json",
            ObjectKind.Image => $"/images/{reference.Name.Replace("%", "", StringComparison.Ordinal)}/json",
            ObjectKind.Volume => $"/volumes/{name}",
            ObjectKind.Network => $"/networks/{name}",
            ObjectKind.Service => $"/services/{name}",
            ObjectKind.Secret => $"/secrets/{name}",
            ObjectKind.Config => $"/configs/{name}",
            _ => null,
        };
    }
}
