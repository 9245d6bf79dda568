using Gateway.EngineApi;
using Gateway.Policy.Ask;

namespace Gateway.Policy;

/// <summary>
/// The role that <c>serve --learn</c> measures a denial by: every operation on own objects that is not for root-equivalent roles
/// alone, with all that this request asks for short of the host. It is asked and never obeyed: nothing is let through by it.
/// </summary>
internal static class WiderRole
{
    private const string Name = "wider";

    private static readonly Rule OnOwn = new(
        Name, RuleEffect.Allow, OperationCatalogue.All.Where(operation => operation.Reach is null).ToHashSet(), Selector.Own, null);

    /// <summary>The caller with that role beside the others: a deny rule of theirs goes on counting.</summary>
    /// <param name="facts">What was looked up; null before that, where only host paths and operations count.</param>
    /// <exception cref="RequestRefusedException">The body cannot be read.</exception>
    public static Caller Give(Caller caller, EngineRequest request, ReadOnlySpan<byte> body, RequestFacts? facts)
    {
        var grants = GrantWishes.Of(request, body, facts, setuidAccepted: false).Where(wish => !wish.ReachesHost).Aggregate(new Grants(), (sum, wish) => wish.Add(sum));
        return caller with { Roles = [.. caller.Roles, new Role(Name, null, false, [OnOwn], grants)] };
    }
}
