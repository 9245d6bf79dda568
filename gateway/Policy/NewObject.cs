using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy;

/// <summary>
/// The object that a create would bring into being, as far as rules can select it: a rule <c>on: {name: "web-*"}</c> allows, or
/// denies, the making of these too.
/// </summary>
internal static class NewObject
{
    /// <returns>Null where the operation makes none that rules select.</returns>
    public static EngineObject? Of(Caller caller, EngineRequest request, ReadOnlyMemory<byte> body)
    {
        switch (request.Operation!.Name)
        {
            case "ContainerCreate":
                var container = EngineBody.Read<ContainerCreateBody>(body.Span);
                return Of(ObjectKind.Container, request.Query.Get("name")?.TrimStart('/'), container.Labels, caller) with { ImageName = container.Image ?? "" };
            case "VolumeCreate":
                var volume = EngineBody.Read<VolumeCreateBody>(body.Span);
                return Of(ObjectKind.Volume, volume.Name, volume.Labels, caller);
            case "NetworkCreate":
                var network = EngineBody.Read<NetworkCreateBody>(body.Span);
                return Of(ObjectKind.Network, network.Name, network.Labels, caller);
            default:
                return null;
        }
    }

    private static EngineObject Of(ObjectKind kind, string? name, Dictionary<string, string>? labels, Caller caller) =>
        new(kind, "", name ?? "", caller.User, labels ?? [], default(JsonElement));
}
