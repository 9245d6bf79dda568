using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy;
using Gateway.Requests;

namespace Gateway.Offline;

/// <summary>
/// What serve would decide on a request, without an engine: the same reading, references and evaluator. What only an engine or
/// its host could tell is assumed; where nothing is assumed, every possibility is tried.
/// </summary>
internal static class OfflineDecision
{
    private const int MostWorlds = 4096;

    public static OfflineAnswer Decide(OfflineCaller caller, OfflineRequest asked, OfflineFacts facts)
    {
        var request = asked.Read();
        if (Early(caller, request) is { } early)
        {
            return One(request, early);
        }

        // As serve: a body is read where it is JSON, and within its bound.
        asked = request.Operation!.Body == BodyKind.Json ? asked : asked with { Body = default };
        if (asked.Body.Length > EngineBody.MaxBytes)
        {
            return One(request, Decision.Deny(DenyReason.BodyTooLarge, 413, $"the body is longer than {EngineBody.MaxBytes >> 20} MiB"));
        }

        IReadOnlyList<ObjectReference> references;
        try
        {
            references = RequestReferences.Of(request, asked.Body);
        }
        catch (RequestRefusedException e)
        {
            return One(request, DecisionMiddleware.Refused(e).Decision);
        }

        var possible = references.Select(reference => facts.Known.TryGetValue(reference, out var known)
            ? [known]
            : PossibleObjects.Of(reference, caller, request, facts.Objects)).ToList();
        var (worlds, complete) = Combine(facts.Known, references, possible);
        bool[] paths = facts.HostPathsAreSafe is { } safe ? [safe] : [true, false];
        return new OfflineAnswer(
            request,
            [.. paths.SelectMany(path => worlds.Select(objects => new OfflineWorld(objects, path, Evaluate(caller, request, asked.Body, objects, path))))],
            complete);
    }

    /// <summary>What is decided before the body is read, or null.</summary>
    private static Decision? Early(OfflineCaller caller, EngineRequest request)
    {
        if (caller.Nobody is { } why)
        {
            return Decision.Deny(DenyReason.UnknownUser, 403, why);
        }

        return request.Refusal is { } refusal ? DecisionMiddleware.Refused(refusal).Decision : PolicyEvaluator.Preview(caller.Caller, request);
    }

    /// <summary>The verdict as things stand in one world.</summary>
    public static Verdict Evaluate(OfflineCaller caller, EngineRequest request, ReadOnlyMemory<byte> body, IReadOnlyDictionary<ObjectReference, EngineObject?> objects, bool safePaths)
    {
        try
        {
            return PolicyEvaluator.Decide(caller.Caller, request, body, new RequestFacts { Objects = objects, HostPaths = safePaths ? HostPathFacts.AsGranted : HostPathFacts.Unsound });
        }
        catch (RequestRefusedException e)
        {
            return DecisionMiddleware.Refused(e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new Verdict(Decision.Deny(DenyReason.EvaluationFailed, 500, "the request could not be decided"), null, null);
        }
    }

    private static OfflineAnswer One(EngineRequest request, Decision decision) =>
        new(request, [new OfflineWorld(new Dictionary<ObjectReference, EngineObject?>(), true, new Verdict(decision, null, null))]);

    /// <summary>Every combination, or the first ones where there are too many. What is known besides, as what a container keeps by name, stands in each.</summary>
    private static (IReadOnlyList<IReadOnlyDictionary<ObjectReference, EngineObject?>> Worlds, bool Complete) Combine(
        IReadOnlyDictionary<ObjectReference, EngineObject?> known, IReadOnlyList<ObjectReference> references, List<IReadOnlyList<EngineObject?>> possible)
    {
        List<Dictionary<ObjectReference, EngineObject?>> worlds = [new(known)];
        var complete = true;
        for (var i = 0; i < references.Count; i++)
        {
            worlds = [.. worlds.SelectMany(world => possible[i].Select(choice => new Dictionary<ObjectReference, EngineObject?>(world) { [references[i]] = choice })).Take(MostWorlds + 1)];
            if (worlds.Count > MostWorlds)
            {
                complete = false;
                worlds.RemoveAt(MostWorlds);
            }
        }

        return (worlds, complete);
    }
}
