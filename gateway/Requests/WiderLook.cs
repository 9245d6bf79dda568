using Gateway.EngineApi;
using Gateway.Forwarding;
using Gateway.Limits;
using Gateway.Policy;
using Microsoft.AspNetCore.Http;

namespace Gateway.Requests;

/// <summary>The users that <c>serve --learn</c> names.</summary>
internal sealed record LearnedUsers(IReadOnlyList<string> Names)
{
    public static LearnedUsers None { get; } = new([]);
}

/// <summary>A denied request that a wider role had let through: only ever recorded.</summary>
internal sealed record WouldBeAllowed;

/// <summary>
/// For users that are learned from: judges a denied request once more by <see cref="WiderRole"/>, with the same evaluator, and
/// leaves <see cref="WouldBeAllowed"/> and the inputs for the audit record. The denial stands, whatever is found here.
/// </summary>
internal sealed class WiderLook(LearnedUsers learned, FactGatherer gatherer, UserSlots slots)
{
    public async Task TakeAsync(HttpContext context, AccessPolicy policy, Caller caller, EngineRequest request)
    {
        if (!learned.Names.Contains(caller.User))
        {
            return;
        }

        try
        {
            var body = context.Features.Get<DecisionInputs>()?.Body ?? await RequestReader.ReadBodyAsync(context, request, token => slots.EnterLongBodyAsync(caller.User, token));
            var wider = WiderRole.Give(caller, request, body.Span, null);
            var facts = await gatherer.GatherAsync(policy, wider, request, body, context.RequestAborted);

            // What objects bring along, such as the binds of a container that is started, is known only now.
            wider = WiderRole.Give(caller, request, body.Span, facts);
            facts = await gatherer.WithHostPathsAsync(facts, wider, request, body, context.RequestAborted);
            context.Features.Set(new DecisionInputs(body, facts));
            if (PolicyEvaluator.Decide(wider, request, body, facts).Decision.Allowed)
            {
                context.Features.Set(new WouldBeAllowed());
            }
        }
        catch (Exception e) when (e is RequestRefusedException or EngineUnreachableException or EngineRefusedException or EngineAnswerException)
        {
            // The request was denied before it was read to the end: what is unreadable then is not marked, and denied all the same.
        }
    }
}
