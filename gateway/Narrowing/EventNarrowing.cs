using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>
/// A stream of events with own objects' only (I48). Container events carry the labels; volumes and networks are looked up, and
/// remembered for the event that tells of their end.
/// </summary>
internal sealed class EventNarrowing(Viewer viewer, ObjectResolver resolver)
{
    private readonly HashSet<string> own = new(StringComparer.Ordinal);

    public async ValueTask<byte[]?> RewriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var raw = EngineClient.Parse(line);
        var actor = Json.Member(raw, "Actor");
        var attributes = Json.Map(Json.Member(actor, "Attributes"));
        var id = Json.String(actor, "ID") ?? "";
        var visible = Json.String(raw, "Type") switch
        {
            "container" => viewer.Owns(attributes),
            "image" => SeesImage(id) || SeesImage(attributes.GetValueOrDefault("name") ?? ""),
            "volume" => await OwnsAsync(ObjectKind.Volume, id, cancellationToken),
            "network" => await NetworkAsync(id, attributes, cancellationToken),
            _ => false,
        };
        return visible ? line.ToArray() : null;
    }

    private bool SeesImage(string name) => ImageReference.TryParse(name, out var reference) && !reference.MayBeId && viewer.SeesImage(reference.Canonical);

    /// <summary>A connect names the container: its owner's, whoever's the network is.</summary>
    private async ValueTask<bool> NetworkAsync(string id, Dictionary<string, string> attributes, CancellationToken cancellationToken) =>
        attributes.TryGetValue("container", out var container)
            ? await OwnsAsync(ObjectKind.Container, container, cancellationToken)
            : await OwnsAsync(ObjectKind.Network, id, cancellationToken);

    private async ValueTask<bool> OwnsAsync(ObjectKind kind, string id, CancellationToken cancellationToken)
    {
        var key = $"{kind} {id}";
        if (id.Length == 0 || !ObjectName.IsValid(id))
        {
            return false;
        }

        if (await resolver.FindAsync(new ObjectReference(kind, id), cancellationToken) is { } found)
        {
            return found.Owner == viewer.User ? own.Add(key) || true : own.Remove(key) && false;
        }

        return own.Contains(key);
    }
}
