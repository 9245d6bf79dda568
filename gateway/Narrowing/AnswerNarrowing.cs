using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy;

namespace Gateway.Narrowing;

/// <summary>Adds to a plan how its answer is cut down to what the caller may see, by the operation's <see cref="AnswerRule"/>.</summary>
internal sealed class AnswerNarrowing(EngineClient engine, ObjectResolver resolver)
{
    /// <exception cref="EngineAnswerException">There is no rule for the operation: its answer is passed on to nobody (I65).</exception>
    public ForwardPlan Narrow(ForwardPlan plan, Verdict verdict)
    {
        var context = verdict.Context!;
        var request = context.Request;
        var viewer = new Viewer(context);
        var errors = new ErrorNarrowing(
            engine, viewer, Written(context), $"{request.RawPath} {context.Query} {Encoding.UTF8.GetString(verdict.Body ?? [])}", request.Id);
        plan = plan with { RewriteError = errors.RewriteAsync };
        if (context.Scope.Whole)
        {
            return context.Unlimited ? plan : HideMembers(FolderMounts.Hide(plan, request.Operation!.Name), request.Operation!.Name, context.ScopeOf("ContainerList"));
        }

        return AnswerRules.Of(request.Operation!.Name) switch
        {
            AnswerRule.AsItIs => plan,
            AnswerRule.Elements list => plan with { RewriteElements = (answer, token) => ElementStream.NarrowAsync(answer, item => list.Keep(item, viewer), Limit(context), token) },
            AnswerRule.Lists lists => plan with { RewriteElements = (answer, token) => NarrowAsync(lists, answer, viewer, token) },
            AnswerRule.Whole whole => plan with { RewriteAnswer = (answer, _) => ValueTask.FromResult(answer with { Body = whole.Rewrite(answer.Body, viewer) }) },
            AnswerRule.Looked looked => plan with { RewriteAnswer = (answer, token) => LookAsync(looked.Look, answer, viewer, token) },
            AnswerRule.ErrorsInLines => plan with { RewriteLine = errors.RewriteLineAsync },
            AnswerRule.Events => plan with { RewriteLine = new EventNarrowing(viewer, resolver, KnownAsync(viewer)).RewriteAsync },
            _ => throw new EngineAnswerException($"there is no rule for what {request.Operation} answers to a caller who may not see everything"),
        };
    }

    /// <summary>A rule about all networks is none about who is on them: of these a role shows whom it lists.</summary>
    private ForwardPlan HideMembers(ForwardPlan plan, string operation, ObjectScope containers) => operation switch
    {
        _ when containers.Whole => plan,
        "NetworkInspect" => plan with { RewriteAnswer = async (answer, token) => answer with { Body = InspectNarrowing.Members(answer.Body, await CoveredAsync(containers, token)) } },
        "NetworkList" or "NetworkListSlash" => plan with { RewriteElements = (answer, token) => ElementStream.NarrowAsync(answer, ListNarrowing.WithoutMembers, null, token) },
        _ => plan,
    };

    private ValueTask<HashSet<string>> CoveredAsync(ObjectScope containers, CancellationToken cancellationToken) =>
        ListAsync(ObjectKind.Container, null, cancellationToken).Where(containers.Covers).Select(found => found.Id).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);

    private static async ValueTask<byte[]> NarrowAsync(AnswerRule.Lists lists, Stream answer, Viewer viewer, CancellationToken cancellationToken)
    {
        var keep = lists.Keep.ToDictionary(list => list.Key, list => (Func<JsonElement, JsonNode?>)(item => list.Value(item, viewer)), StringComparer.Ordinal);
        return JsonNodes.Write(lists.Finish(await MemberStream.NarrowAsync(answer, keep, cancellationToken)));
    }

    /// <summary>For each id that stands for a name, that name.</summary>
    private static Dictionary<string, string> Written(CheckContext context) => context.Facts.Objects
        .Where(o => o.Value is not null && o.Value.Id != o.Key.Name)
        .DistinctBy(o => o.Value!.Id)
        .ToDictionary(o => o.Value!.Id, o => o.Key.Name, StringComparer.Ordinal);

    /// <summary>Where the engine cannot apply the rule's selector, the caller's limit is counted after it.</summary>
    private static int? Limit(CheckContext context) =>
        context.Request.Operation!.Name == "ContainerList" && !context.Query.Has("limit")
        && int.TryParse(context.Request.Query.Get("limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;

    private async ValueTask<WholeAnswer> LookAsync(AnswerLook look, WholeAnswer answer, Viewer viewer, CancellationToken cancellationToken)
    {
        switch (look)
        {
            case AnswerLook.Counts:
                var images = await ListAsync(ObjectKind.Image, null, cancellationToken).CountAsync(viewer.SeesImage, cancellationToken);
                return answer with { Body = ReportNarrowing.Info(answer.Body, await OwnContainersAsync(viewer, cancellationToken), images) };
            case AnswerLook.Containers:
                var own = (await OwnContainersAsync(viewer, cancellationToken)).Where(found => found.Owner == viewer.User).Select(found => found.Id).ToHashSet(StringComparer.Ordinal);
                return answer with { Body = InspectNarrowing.Network(answer.Body, viewer, own) };
            case AnswerLook.OwnerOfVolume:
                return EngineObject.Of(ObjectKind.Volume, EngineClient.Parse(answer.Body)) is var volume && (volume.Owner == viewer.User || viewer.Sees(volume))
                    ? answer
                    : new WholeAnswer((int)HttpStatusCode.Conflict, EngineError.Body(TakenName.Message(ObjectKind.Volume, volume.Id)));
            default:
                throw new InvalidOperationException($"look {look} is not known");
        }
    }

    private ValueTask<List<EngineObject>> OwnContainersAsync(Viewer viewer, CancellationToken cancellationToken) =>
        ListAsync(ObjectKind.Container, OwnFilter(viewer), cancellationToken).Where(viewer.Sees).ToListAsync(cancellationToken);

    /// <summary>What is the caller's now, so that a stream of events knows it by its end.</summary>
    private async Task<IReadOnlyList<EngineObject>> KnownAsync(Viewer viewer)
    {
        var containers = await OwnContainersAsync(viewer, CancellationToken.None);
        var volumes = ListAsync(ObjectKind.Volume, OwnFilter(viewer), CancellationToken.None);
        var networks = ListAsync(ObjectKind.Network, OwnFilter(viewer), CancellationToken.None);
        return [.. containers, .. await volumes.Concat(networks).Where(viewer.Sees).ToListAsync()];
    }

    private static EngineFilters? OwnFilter(Viewer viewer) =>
        viewer.Scope.OwnOnly ? EngineFilters.Parse(null, OperationCatalogue.Get("ContainerList")).With("label", $"{OwnerLabel.Name}={viewer.User}") : null;

    private IAsyncEnumerable<EngineObject> ListAsync(ObjectKind kind, EngineFilters? filters, CancellationToken cancellationToken) =>
        engine.ListAsync(kind, filters, skipTooLong: true, cancellationToken);
}
