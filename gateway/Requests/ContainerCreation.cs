using System.Net;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Objects;
using Gateway.Policy;
using Microsoft.Extensions.Logging;

namespace Gateway.Requests;

/// <summary>
/// Makes a container in more than one call: its named volumes first, with their owner, so that none exists without one; the
/// container; then a look at what came into being. Under the owner's lock, and never given up halfway: whoever hangs up
/// in the middle gains nothing by it. What a failed create leaves behind is removed again.
/// </summary>
internal sealed partial class ContainerCreation(EngineClient engine, ObjectResolver resolver, FactGatherer gatherer, UserSlots slots, ILogger<ContainerCreation> logger)
{
    /// <summary>What creates of one user take turns in: no two see the state before each other.</summary>
    public const string Turns = "create";

    /// <param name="target">Path and query, written anew.</param>
    /// <param name="narrow">What the caller may see of the engine's error.</param>
    public async ValueTask<WholeAnswer> RunAsync(string target, byte[] body, CheckContext context, AnswerRewrite narrow, CancellationToken cancellationToken)
    {
        using var turn = await slots.EnterAsync(context.User, Turns, 1, cancellationToken);
        List<string> claimed = [];
        var done = false;
        try
        {
            foreach (var name in context.VolumesToCreate.Distinct())
            {
                if (await ClaimAsync(name, context) is { } taken)
                {
                    return Answer(taken);
                }

                claimed.Add(name);
            }

            var (status, answer) = await engine.PostAsync(target, body, CancellationToken.None);
            if (status != HttpStatusCode.Created)
            {
                return await narrow(new WholeAnswer((int)status, answer), CancellationToken.None);
            }

            if (await JudgeAsync(answer, context) is { } refusal)
            {
                return Answer(refusal with { Message = $"{refusal.Message} (request {context.Request.Id})" });
            }

            done = true;
            return new WholeAnswer((int)status, answer);
        }
        finally
        {
            if (!done)
            {
                await UndoAsync(claimed, context.Request.Id);
            }
        }
    }

    private static WholeAnswer Answer(PlanRefusal refusal) => new(refusal.Status, EngineError.Body(refusal.Message));

    /// <summary>Whose label comes back decides: a create of a volume that exists answers with the old one (I44).</summary>
    private async Task<PlanRefusal?> ClaimAsync(string name, CheckContext context)
    {
        var body = EngineBody.Write(new VolumeCreateBody { Name = name, Labels = new() { [OwnerLabel.Name] = context.User } });
        var (status, answer) = await engine.PostAsync("/volumes/create", body, CancellationToken.None);
        if (status is not (HttpStatusCode.Created or HttpStatusCode.OK))
        {
            return new PlanRefusal((int)status, $"the volume \"{name}\" could not be created (request {context.Request.Id})");
        }

        return context.AllObjects || EngineObject.Of(ObjectKind.Volume, EngineClient.Parse(answer)).Owner == context.User
            ? null
            : new PlanRefusal((int)HttpStatusCode.NotFound, $"get {name}: no such volume");
    }

    private async Task<PlanRefusal?> JudgeAsync(byte[] answer, CheckContext context)
    {
        if (context.Unlimited)
        {
            return null;
        }

        var id = Json.String(EngineClient.Parse(answer), "Id") ?? throw new EngineAnswerException("the engine's answer to a create has no id");
        PlanRefusal? refusal = new(500, "the new container could not be looked at");
        try
        {
            if (await resolver.FindAsync(new ObjectReference(ObjectKind.Container, id), CancellationToken.None) is { } container)
            {
                var image = await resolver.FindAsync(new ObjectReference(ObjectKind.Image, Json.String(container.Raw, "Image") ?? ""), CancellationToken.None);
                var facts = await gatherer.OfCreatedAsync(container, context, CancellationToken.None);
                refusal = await FirstAsync(new CreatedContainer(container, image, facts, context));
            }
        }
        finally
        {
            if (refusal is not null)
            {
                var status = await engine.DeleteAsync($"/containers/{id}?force=1&v=1", CancellationToken.None);
                Log.ContainerRemoved(logger, context.Request.Id, refusal.Message, (int)status);
            }
        }

        return refusal;
    }

    private static async Task<PlanRefusal?> FirstAsync(CreatedContainer created)
    {
        foreach (var check in CreatedChecks.All)
        {
            if (await check(created, CancellationToken.None) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private async Task UndoAsync(List<string> claimed, string requestId)
    {
        foreach (var name in claimed)
        {
            try
            {
                await engine.DeleteAsync($"/volumes/{name}", CancellationToken.None);
            }
            catch (EngineUnreachableException e)
            {
                Log.VolumeLeft(logger, e, requestId);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Request \"{RequestId}\": the new container was removed again: \"{Reason}\" (the engine answered {Status})")]
        public static partial void ContainerRemoved(ILogger logger, string requestId, string reason, int status);

        [LoggerMessage(2, LogLevel.Warning, "Request \"{RequestId}\": a volume of a create that failed may be left")]
        public static partial void VolumeLeft(ILogger logger, Exception exception, string requestId);
    }
}
