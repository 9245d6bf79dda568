using System.Buffers;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.Forwarding;

namespace Gateway.Objects;

/// <summary>
/// Turns names into objects with one inspect at the engine each (threats §4.1). From its answer come the full id and the owner;
/// whatever the engine would have taken the name for, the id is what is forwarded. What is another's costs as many calls as
/// what is not there, so that time tells nothing.
/// </summary>
internal sealed class ObjectResolver(EngineClient engine)
{
    /// <summary>The member of an exec's answer under which its container's is put.</summary>
    public const string WholeMember = "Container";

    private const int AtOnce = 8;

    /// <summary>The object, or null where the engine knows none, or more than one, of that name.</summary>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    /// <exception cref="EngineRefusedException">The engine has no objects of that kind, as services without a swarm.</exception>
    public async Task<EngineObject?> FindAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        if (reference.Kind is ObjectKind.Exec or ObjectKind.Task)
        {
            return await FindPartAsync(reference, cancellationToken);
        }

        if (Path(reference) is not { } path || await engine.GetAsync(path, cancellationToken) is not { } raw)
        {
            return null;
        }

        var found = EngineObject.Of(reference.Kind, raw);
        return found.Id.Length == 0 ? throw new EngineAnswerException("the engine's answer to a lookup has no id") : found;
    }

    public async Task<Dictionary<ObjectReference, EngineObject?>> FindAllAsync(IEnumerable<ObjectReference> references, CancellationToken cancellationToken)
    {
        var found = new Dictionary<ObjectReference, EngineObject?>();
        foreach (var some in references.Distinct().Chunk(AtOnce))
        {
            var objects = await Task.WhenAll(some.Select(reference => FindAsync(reference, cancellationToken)));
            foreach (var (reference, one) in some.Zip(objects))
            {
                found[reference] = one;
            }
        }

        return found;
    }

    /// <summary>An exec belongs to its container, a task to its service: these have the labels.</summary>
    private async Task<EngineObject?> FindPartAsync(ObjectReference reference, CancellationToken cancellationToken)
    {
        var (collection, owner, field, kind) = reference.Kind == ObjectKind.Exec
            ? ("exec", "ID", "ContainerID", ObjectKind.Container)
            : ("tasks", "ID", "ServiceID", ObjectKind.Service);
        var raw = !ObjectName.IsValid(reference.Name) ? null : await engine.GetAsync(
            kind == ObjectKind.Container ? $"/{collection}/{reference.Name}/json" : $"/{collection}/{reference.Name}", cancellationToken);
        var whole = await FindAsync(new ObjectReference(kind, raw is { } part && Json.String(part, field) is { Length: > 0 } id ? id : reference.Name), cancellationToken);
        return raw is { } answer && whole is not null && Json.String(answer, owner) is { Length: > 0 } full && Json.String(answer, field) == whole.Id
            ? whole with { Kind = reference.Kind, Id = full, Raw = kind == ObjectKind.Container ? WithWhole(answer, whole.Raw) : answer }
            : null;
    }

    /// <summary>What an exec starts, it starts in its container: decided, and recorded, on both.</summary>
    private static JsonElement WithWhole(JsonElement exec, JsonElement container)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in exec.EnumerateObject().Where(member => member.Name != WholeMember))
            {
                member.WriteTo(json);
            }

            json.WritePropertyName(WholeMember);
            container.WriteTo(json);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static string? Path(ObjectReference reference)
    {
        var name = reference.Name;
        if (reference.Kind == ObjectKind.Image)
        {
            return ImageReference.TryParse(name, out _) ? $"/images/{name}/json" : null;
        }

        // What no object can be called is not asked for: an escape in a path would be read again by the engine's router.
        return !ObjectName.IsValid(name) ? null : reference.Kind switch
        {
            ObjectKind.Container => $"/containers/{name}/json",
            ObjectKind.Volume => $"/volumes/{name}",
            ObjectKind.Network => $"/networks/{name}",
            ObjectKind.Service => $"/services/{name}",
            ObjectKind.Secret => $"/secrets/{name}",
            ObjectKind.Config => $"/configs/{name}",
            ObjectKind.Node => $"/nodes/{name}",
            _ => null,
        };
    }
}
