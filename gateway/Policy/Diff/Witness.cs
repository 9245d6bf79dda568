using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Objects;
using Gateway.Offline;
using Gateway.Policy.Ask;

namespace Gateway.Policy.Diff;

/// <summary>Looks for a request that one caller may make and another may not, decided by the evaluator itself.</summary>
internal static class Witness
{
    private const int MostWorlds = 512;

    /// <param name="grant">The value that the request should need; null where any request of the operation will do.</param>
    public static bool Exists(OfflineCaller old, OfflineCaller now, EngineOperation operation, MissingGrant? grant)
    {
        foreach (var request in Requests(old, now, operation, grant))
        {
            var read = request.Read();
            if (read.Refusal is not null || read.Operation != operation)
            {
                continue;
            }

            foreach (var objects in Worlds(old, now, read, request))
            {
                if (OfflineDecision.Evaluate(now, read, request.Body, objects, true).Decision.Allowed
                    && !OfflineDecision.Evaluate(old, read, request.Body, objects, true).Decision.Allowed)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<OfflineRequest> Requests(OfflineCaller old, OfflineCaller now, EngineOperation operation, MissingGrant? grant)
    {
        var names = old.Roles.Concat(now.Roles).SelectMany(role => role.Rules).Where(rule => rule.On.Kind == SelectorKind.Name && rule.Operations.Contains(operation))
            .Select(rule => rule.On.Pattern!).Distinct().ToList();
        var image = SampleImage.For(now);
        foreach (var name in GlobSet.Samples(names, images: false).Where(ObjectName.IsValid).Append(OperationRequest.AnyObject).Distinct())
        {
            var target = operation.Object == ObjectKind.Image || !operation.Template.Contains('{', StringComparison.Ordinal) || name == OperationRequest.AnyObject
                ? null
                : EngineRoutes.Write(operation, null, name, name) + OperationRequest.Query(operation, image);
            var plain = Try(() => OperationRequest.Of(operation, target, null, image));
            foreach (var start in plain is null ? [] : OnEachNetwork(plain, operation, now))
            {
                yield return start;
                if (grant?.Field is { } field && grant.Value is { } value && Try(() => OperationRequest.With(start, field, value)) is { } shown)
                {
                    yield return shown;
                }
            }
        }

        foreach (var made in operation.Effect == Effect.Create && Try(() => OperationRequest.Of(operation, null, null, image)) is { } smallest ? Made(smallest, old, now, operation) : [])
        {
            yield return made;
        }

        if (grant is { Key: "images" or "own-images" } && GlobSet.MissingImage(Patterns(old), grant.Text) is { } missing && Try(() => OperationRequest.Of(operation, null, null, missing)) is { } pulled)
        {
            foreach (var start in OnEachNetwork(pulled, operation, now))
            {
                yield return start;
            }
        }
    }

    /// <summary>A create is judged by what it makes: each name and label that a rule of the operation tells apart.</summary>
    private static IEnumerable<OfflineRequest> Made(OfflineRequest plain, OfflineCaller old, OfflineCaller now, EngineOperation operation)
    {
        var selectors = old.Roles.Concat(now.Roles).SelectMany(role => role.Rules).Where(rule => rule.Operations.Contains(operation)).Select(rule => rule.On).ToList();
        var field = operation.QueryNames.Contains("name") ? "name" : "Name";
        var names = GlobSet.Samples([.. selectors.Where(on => on.Kind == SelectorKind.Name).Select(on => on.Pattern!).Distinct()], images: false).Where(ObjectName.IsValid);
        var labels = selectors.Where(on => on.Kind == SelectorKind.Label).Select(on => new JsonObject([.. on.Labels!.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))]).ToJsonString());
        return names.Select(name => (Field: field, Value: name)).Concat(labels.Distinct().Select(label => (Field: "Labels", Value: label)))
            .Select(change => Try(() => OperationRequest.With(plain, change.Field, change.Value))).OfType<OfflineRequest>()
            .SelectMany(request => OnEachNetwork(request, operation, now));
    }

    /// <summary>A container that may be made on one network only, needs that one said.</summary>
    private static IEnumerable<OfflineRequest> OnEachNetwork(OfflineRequest plain, EngineOperation operation, OfflineCaller caller) => operation.Name != "ContainerCreate"
        ? [plain]
        : caller.Roles.SelectMany(role => role.Grants?.Networks ?? []).Where(name => name != "bridge").Select(name => name == "own" ? OperationRequest.AnyObject : name).Distinct()
            .Select(name => Try(() => OperationRequest.With(plain, "HostConfig.NetworkMode", name))).OfType<OfflineRequest>().Prepend(plain);

    private static IReadOnlyList<string> Patterns(OfflineCaller caller) =>
        [.. caller.Roles.Where(role => role.Grants is not null).Select(role => UserGrants.Of(role.Grants!, caller.Caller)).SelectMany(grants => grants.Images.Concat(grants.OwnImages))];

    /// <summary>Worlds that tell the selectors of both apart.</summary>
    private static List<Dictionary<ObjectReference, EngineObject?>> Worlds(OfflineCaller old, OfflineCaller now, EngineRequest read, OfflineRequest request)
    {
        List<Dictionary<ObjectReference, EngineObject?>> worlds = [[]];
        IReadOnlyList<ObjectReference> references;
        try
        {
            references = RequestReferences.Of(read, request.Body);
        }
        catch (RequestRefusedException)
        {
            return [];
        }

        var both = now with { Roles = [.. old.Roles, .. now.Roles] };
        foreach (var reference in references)
        {
            var possible = PossibleObjects.Of(reference, both, read, AssumedOwner.Unknown);
            worlds = [.. worlds.SelectMany(world => possible.Select(choice => new Dictionary<ObjectReference, EngineObject?>(world) { [reference] = choice })).Take(MostWorlds)];
        }

        return worlds;
    }

    private static OfflineRequest? Try(Func<OfflineRequest> make)
    {
        try
        {
            return make();
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
