using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;

namespace Gateway.Narrowing;

/// <summary>
/// A stream of events with the caller's objects' only (I48). A container's events carry its labels; volumes and networks are
/// looked up, and what was the caller's is remembered for the event that tells of its end. Other types are nobody's.
/// </summary>
/// <param name="known">The caller's objects as the stream began.</param>
internal sealed class EventNarrowing(Viewer viewer, ObjectResolver resolver, Task<IReadOnlyList<EngineObject>> known)
{
    private HashSet<(ObjectKind Kind, string Id)>? own;

    public async ValueTask<byte[]?> RewriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        own ??= [.. (await known).Select(found => (found.Kind, found.Id))];
        var raw = EngineClient.Parse(line);
        var actor = Json.Member(raw, "Actor");
        var attributes = Json.Map(Json.Member(actor, "Attributes"));
        var id = Json.String(actor, "ID") ?? "";
        var action = Json.String(raw, "Action") ?? "";
        return Json.String(raw, "Type") switch
        {
            "container" => Container(id, attributes) ? line.ToArray() : null,
            "image" => Image(raw, id, attributes),
            "volume" => await SeesAsync(ObjectKind.Volume, id, action, cancellationToken) && await SeesPartnerAsync(attributes, cancellationToken) ? line.ToArray() : null,
            "network" => await NetworkAsync(id, action, attributes, cancellationToken) ? line.ToArray() : null,
            _ => null,
        };
    }

    private bool Container(string id, Dictionary<string, string> attributes)
    {
        var found = new EngineObject(ObjectKind.Container, id, attributes.GetValueOrDefault("name") ?? "", OwnerLabel.Of(attributes), attributes, default)
        {
            ImageName = attributes.GetValueOrDefault("image") ?? "",
        };
        return viewer.Sees(found) && (own!.Add((ObjectKind.Container, id)) || true);
    }

    /// <summary>By its name: every name in the event has to be one that the caller may read.</summary>
    private byte[]? Image(JsonElement raw, string id, Dictionary<string, string> attributes)
    {
        var names = ((string[])[id, attributes.GetValueOrDefault("name") ?? ""]).Where(name => name.Length > 0 && !IsId(name)).ToList();
        if (names.Count == 0 || !names.TrueForAll(viewer.SeesImageName))
        {
            return null;
        }

        if (!attributes.TryGetValue(OwnerLabel.Name, out var owner) || owner == viewer.User)
        {
            return JsonSerializer.SerializeToUtf8Bytes(raw, NarrowedJson.Default.JsonElement);
        }

        var shown = JsonNodes.Object(raw);
        (shown["Actor"]?["Attributes"] as JsonObject)?.Remove(OwnerLabel.Name);
        return JsonNodes.Write(shown)[..^1];
    }

    private static bool IsId(string name) => ImageReference.TryParse(name, out var reference) && reference.MayBeId;

    /// <summary>A connect names the container: it is its owner's to know, whoever's the network is.</summary>
    private async ValueTask<bool> NetworkAsync(string id, string action, Dictionary<string, string> attributes, CancellationToken cancellationToken) =>
        attributes.ContainsKey("container") ? await SeesPartnerAsync(attributes, cancellationToken) : await SeesAsync(ObjectKind.Network, id, action, cancellationToken);

    private async ValueTask<bool> SeesPartnerAsync(Dictionary<string, string> attributes, CancellationToken cancellationToken) =>
        !attributes.TryGetValue("container", out var container) || await SeesAsync(ObjectKind.Container, container, "", cancellationToken);

    private async ValueTask<bool> SeesAsync(ObjectKind kind, string id, string action, CancellationToken cancellationToken)
    {
        if (id.Length > 0 && await resolver.FindAsync(new ObjectReference(kind, id), cancellationToken) is { } found)
        {
            return viewer.Sees(found) ? own!.Add((kind, id)) || true : own!.Remove((kind, id)) && false;
        }

        // Its end is the last that is heard of it: the next of that name may be another's.
        return action is "destroy" or "remove" ? own!.Remove((kind, id)) : own!.Contains((kind, id));
    }
}
