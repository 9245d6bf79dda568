using Gateway.Archives;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Narrowing;
using Gateway.Policy;

namespace Gateway.Requests;

/// <summary>Turns an allowed request into what is forwarded: target, heads and body written anew, and the answer's narrowing.</summary>
internal sealed class PlanWriter(AnswerNarrowing narrowing, ContainerCreation creation, NetworkCreation networks, UserSlots slots)
{
    private const string JsonType = "application/json";

    public ForwardPlan Write(EngineRequest request, Verdict verdict)
    {
        var operation = request.Operation!;
        var context = verdict.Context!;
        var target = EngineRoutes.Write(operation, request.Version, ForwardedName(request, context), request.SecondName) + context.Query;
        var plan = new ForwardPlan
        {
            Method = operation.Method,
            Target = target,
            Headers = Heads(context),
            Body = verdict.Body,
            ContentType = verdict.Body is not null ? JsonType : operation.Body == BodyKind.Tar ? "application/x-tar" : null,
            StreamsBody = operation.Body == BodyKind.Tar || operation is { Name: "ImageCreate", Body: BodyKind.Raw },
            RewriteUpload = context.ScansArchive ? upload => new ScannedArchive(upload) : null,
            Upgrade = Upgrade(operation, verdict.Body),
            LongAnswer = operation.Stream is StreamKind.ChunkedFollow or StreamKind.Upload or StreamKind.Download,
            Prepare = context.Unlimited || operation.PathKind is not (ObjectKind.Container or ObjectKind.Exec) ? null : token => SettledAsync(context.User, token),
        };
        plan = context is { Unlimited: true, Scope.Whole: true } ? plan : narrowing.Narrow(plan, verdict);
        return operation.Name switch
        {
            "ContainerCreate" => plan with { Perform = token => creation.RunAsync(target, verdict.Body!, context, plan.RewriteError ?? AsItIs, token) },
            "NetworkCreate" when !context.Unlimited => plan with { Perform = token => networks.RunAsync(target, verdict.Body!, NetworkName(verdict), plan.RewriteError ?? AsItIs, token) },
            _ => plan,
        };
    }

    private static string NetworkName(Verdict verdict) => EngineBody.Read<NetworkCreateBody>(verdict.Body).Name ?? "";

    private static ValueTask<WholeAnswer> AsItIs(WholeAnswer answer, CancellationToken cancellationToken) => ValueTask.FromResult(answer);

    /// <summary>A new container that may yet be removed again is not touched before that is known.</summary>
    private async ValueTask<PlanRefusal?> SettledAsync(string user, CancellationToken cancellationToken)
    {
        (await slots.EnterAsync(user, ContainerCreation.Turns, 1, cancellationToken)).Dispose();
        return null;
    }

    /// <summary>The id of what the path named; of an image the canonical name, which is what the decision was about.</summary>
    private static string? ForwardedName(EngineRequest request, CheckContext context)
    {
        if (request.Name is not { } name)
        {
            return null;
        }

        var operation = request.Operation!;
        var kind = operation.PathKind;
        if (context.Find(kind, name) is not { } found)
        {
            return name;
        }

        // Of a repository without a tag the engine would hand out all images, of which one was judged.
        return kind != ObjectKind.Image ? found.Id
            : !ImageReference.TryParse(name, out var reference) || ImageAccess.IsId(reference, found) ? found.Id
            : operation.Name == "ImageGet" && !context.Unlimited ? reference.Tagged
            : reference.Familiar;
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

    private static List<KeyValuePair<string, string>> Heads(CheckContext context)
    {
        var (request, operation) = (context.Request, context.Request.Operation!);
        IEnumerable<string> names = operation.Name switch
        {
            "Session" => ["X-Docker-Expose-Session-Uuid", "X-Docker-Expose-Session-Name", "X-Docker-Expose-Session-Sharedkey", "X-Docker-Expose-Session-Grpc-Method"],
            "ContainerAttachWebsocket" => ["Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol"],
            _ => [],
        };

        // A session names each method that the engine may call back in a head of its own.
        var heads = names.SelectMany(name => request.Headers(name).Select(value => KeyValuePair.Create(name, value))).Where(head => head.Value.Length > 0);
        return [.. heads, .. context.RegistryAuth is { } auth ? new[] { auth.Head } : []];
    }
}
