using System.Net;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Forwarding;
using Gateway.Narrowing;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Requests;

/// <summary>Turns an allowed request into what is forwarded: target, heads and body written anew, and the answer's narrowing.</summary>
internal sealed class PlanWriter(EngineClient engine, ObjectResolver resolver)
{
    private const string JsonType = "application/json";

    public ForwardPlan Write(EngineRequest request, Verdict verdict, IReadOnlyDictionary<ObjectReference, EngineObject?> objects)
    {
        var operation = request.Operation!;
        var context = verdict.Context!;
        var viewer = new Viewer(
            context.User,
            name => ImageAccess.MayReadName(context, name),
            name => context.Grants.Networks.Contains(name) && name != "own");
        var narrowed = !context.AllObjects;
        return new ForwardPlan
        {
            Method = operation.Method,
            Target = EngineRoutes.Write(operation, request.Version, ForwardedName(request, objects), request.SecondName) + context.Query,
            Headers = Heads(request),
            Body = verdict.Body,
            ContentType = verdict.Body is not null ? JsonType : operation.Body == BodyKind.Tar ? "application/x-tar" : null,
            StreamsBody = operation.Body == BodyKind.Tar || operation is { Name: "ImageCreate", Body: BodyKind.Raw },
            Upgrade = Upgrade(operation, verdict.Body),
            LongAnswer = operation.Stream is StreamKind.ChunkedFollow or StreamKind.Upload or StreamKind.Download,
            Prepare = context.VolumesToCreate.Count == 0 ? null : token => ClaimAsync(context, token),
            RewriteAnswer = narrowed ? Answer(operation, context, viewer) : null,
            RewriteError = narrowed || !context.Unlimited ? Error(request, objects) : null,
            RewriteLine = narrowed && operation.Name == "SystemEvents" ? new EventNarrowing(viewer, resolver).RewriteAsync : null,
        };
    }

    /// <summary>The id of what the path named; of an image the canonical name, which is what the decision was about.</summary>
    private static string? ForwardedName(EngineRequest request, IReadOnlyDictionary<ObjectReference, EngineObject?> objects)
    {
        if (request.Name is not { } name)
        {
            return null;
        }

        var operation = request.Operation!;
        var kind = operation.Name == "ContainerExec" ? ObjectKind.Container : operation.Object;
        if (objects.GetValueOrDefault(new ObjectReference(kind, name)) is not { } found)
        {
            return name;
        }

        return kind != ObjectKind.Image ? found.Id
            : ImageReference.TryParse(name, out var reference) && (!reference.MayBeId || found.ImageNames.Contains(reference.Canonical)) ? reference.Familiar
            : found.Id;
    }

    private static string? Upgrade(EngineOperation operation, byte[]? body) => operation.Name switch
    {
        "ContainerAttachWebsocket" => "websocket",
        "ExecStart" => EngineBody.Read<ExecStartBody>(body).Detach == true ? null : "tcp",
        _ => operation.Stream switch
        {
            StreamKind.Hijack => "tcp",
            StreamKind.H2c => "h2c",
            _ => null,
        },
    };

    private static List<KeyValuePair<string, string>> Heads(EngineRequest request)
    {
        var operation = request.Operation!;
        IEnumerable<string> names = operation.Name switch
        {
            "Session" => ["X-Docker-Expose-Session-Uuid", "X-Docker-Expose-Session-Name", "X-Docker-Expose-Session-Sharedkey", "X-Docker-Expose-Session-Grpc-Method"],
            "ContainerAttachWebsocket" => ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol"],
            _ => [],
        };

        // A session names each method that the engine may call back in a head of its own.
        var heads = names.SelectMany(name => request.Headers(name).Select(value => KeyValuePair.Create(name, value))).Where(head => head.Value.Length > 0);
        return [.. heads, .. request.RegistryAuth is { } auth ? new[] { auth.Head } : []];
    }

    private AnswerRewrite? Answer(EngineOperation operation, CheckContext context, Viewer viewer)
    {
        Func<byte[], Viewer, byte[]>? rewrite = operation.Name switch
        {
            "ContainerList" => ListNarrowing.Containers,
            "ImageList" => ListNarrowing.Images,
            "ImageInspect" => ListNarrowing.ImageInspect,
            "NetworkList" => ListNarrowing.Networks,
            "NetworkInspect" => ListNarrowing.NetworkInspect,
            "VolumeList" => ListNarrowing.Volumes,
            "SystemDataUsage" => ListNarrowing.DataUsage,
            _ => null,
        };
        return operation.Name switch
        {
            "SystemInfo" => async (answer, token) => answer with { Body = await InfoAsync(answer.Body, viewer, token) },
            "VolumeCreate" => (answer, _) => ValueTask.FromResult(OwnVolume(answer, context)),
            _ when rewrite is not null => (answer, _) => ValueTask.FromResult(answer with { Body = rewrite(answer.Body, viewer) }),
            _ => null,
        };
    }

    private async ValueTask<byte[]> InfoAsync(byte[] body, Viewer viewer, CancellationToken cancellationToken)
    {
        var filters = PercentText.Encode(EngineFilters.Parse(null, OperationCatalogue.Get("ContainerList")).With("label", $"{OwnerLabel.Name}={viewer.User}").ToJson());
        var containers = await engine.GetAsync($"/containers/json?all=1&filters={filters}", cancellationToken);
        var images = Json.Items(await engine.GetAsync("/images/json", cancellationToken) ?? default)
            .Count(image => EngineObject.NamesOf(image).Any(viewer.SeesImage) || viewer.Owns(Json.Map(Json.Member(image, "Labels"))));
        return ListNarrowing.Info(body, containers ?? default, images);
    }

    /// <summary>A create of a volume that exists answers with the old one: the owner in the answer decides (I44).</summary>
    private static WholeAnswer OwnVolume(WholeAnswer answer, CheckContext context) =>
        EngineObject.Of(ObjectKind.Volume, EngineClient.Parse(answer.Body)).Owner == context.User
            ? answer
            : new WholeAnswer((int)HttpStatusCode.Conflict, EngineError.Body("the volume name is already in use"));

    private static AnswerRewrite Error(EngineRequest request, IReadOnlyDictionary<ObjectReference, EngineObject?> objects)
    {
        var written = objects.Where(o => o.Value is not null).DistinctBy(o => o.Value!.Id).ToDictionary(o => o.Value!.Id, o => o.Key.Name, StringComparer.Ordinal);
        return (answer, _) => ValueTask.FromResult(ErrorNarrowing.Narrow(answer, written, request.Id));
    }

    /// <summary>Makes the named volumes first, with their owner, so that none exists without one; whose label comes back decides.</summary>
    private async ValueTask<PlanRefusal?> ClaimAsync(CheckContext context, CancellationToken cancellationToken)
    {
        foreach (var name in context.VolumesToCreate.Distinct())
        {
            var body = EngineBody.Write(new VolumeCreateBody { Name = name, Labels = new() { [OwnerLabel.Name] = context.User } });
            var (status, answer) = await engine.PostAsync("/volumes/create", body, cancellationToken);
            if (status is not (HttpStatusCode.Created or HttpStatusCode.OK))
            {
                return new PlanRefusal((int)status, EngineError.Message(answer) ?? "the volume could not be created");
            }

            if (!context.AllObjects && EngineObject.Of(ObjectKind.Volume, EngineClient.Parse(answer)).Owner != context.User)
            {
                return new PlanRefusal(404, $"get {name}: no such volume");
            }
        }

        return null;
    }
}
