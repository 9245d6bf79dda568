using System.Text;
using Gateway.EngineApi;
using Gateway.Policy;
using Gateway.Policy.Checks;

namespace Gateway.Tests.Policy.Checks.Support;

/// <summary>A case judged by its operation's checks, or by all but one: what comes of it, and nothing of rules or of how it is read.</summary>
/// <param name="Refused">True where a check spoke against it, or could not go on.</param>
/// <param name="Forwarded">All that would be forwarded or done, for comparing.</param>
internal sealed record WithoutCheck(bool Refused, string Forwarded)
{
    private static readonly Selector Spared = new(SelectorKind.Label, new Dictionary<string, string> { ["kept"] = "yes" });

    /// <param name="left">The id of the check that is left out; null for none.</param>
    /// <param name="unlimited">Under a root-equivalent role without grants, from whom a rule keeps what has one label.</param>
    public static WithoutCheck Of(CheckCase tried, string? left, bool unlimited = false)
    {
        var (role, asked, request, world) = CheckRun.Decide(tried, unlimited);
        if (request.Refusal is not null || (world.Verdict is { Decision.Allowed: false, Context: null }))
        {
            return new WithoutCheck(true, "");
        }

        var caller = new Caller(CheckWorld.Alice, [role], []);
        var facts = new RequestFacts { Objects = world.Objects, HostPaths = HostPathFacts.AsGranted };
        var scope = ObjectScope.Of(caller, role, request.Operation!);
        var context = new CheckContext(caller, role, request, facts, unlimited ? scope with { Denied = [Spared] } : scope);
        try
        {
            var forwarded = Without(CheckCatalogue.For(request.Operation!)!, left).Run(context, request.Operation!.Body == BodyKind.Json ? asked.Body : default);
            return new WithoutCheck(
                context.Refusal is not null,
                $"{(forwarded is null ? "" : Encoding.UTF8.GetString(forwarded))} {string.Join('&', Uri.UnescapeDataString(context.Query.ToString()).TrimStart('?').Split('&').Order(StringComparer.Ordinal))} {string.Join(',', context.VolumesToCreate)} {context.ScansArchive} {string.Join(',', context.RegistryAuth?.Registries ?? [])}");
        }
        catch (RequestRefusedException)
        {
            return new WithoutCheck(true, "");
        }
    }

    private static OperationChecks Without(OperationChecks all, string? left) => left is null
        ? all
        : (OperationChecks)typeof(WithoutCheck).GetMethod(all.Document is null ? nameof(OfQuery) : nameof(OfBody), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(all.Document ?? typeof(NoBody)).Invoke(null, [all, left])!;

    private static BodyChecks<TBody> OfBody<TBody>(OperationChecks all, string left)
        where TBody : class => new(all.Operation.Name, Kept<TBody>(all, left), all.Harmless);

    private static QueryChecks OfQuery<TBody>(OperationChecks all, string left) => new(all.Operation.Name, Kept<NoBody>(all, left), all.Harmless);

    private static IReadOnlyList<Check<TBody>> Kept<TBody>(OperationChecks all, string left) => [.. all.Checks.Where(check => check.Id != left).Cast<Check<TBody>>()];
}
