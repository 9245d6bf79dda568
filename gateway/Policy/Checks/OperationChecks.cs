using Gateway.EngineApi;
using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>The checks of one operation, in the order in which they run, with what needs none.</summary>
/// <param name="unjudged">Fields that nothing judges, as the operation is for root-equivalent roles alone.</param>
internal abstract class OperationChecks(string operation, IReadOnlyList<Check> checks, IEnumerable<HarmlessField> harmless, IEnumerable<string>? unjudged = null)
{
    public EngineOperation Operation { get; } = OperationCatalogue.Get(operation);

    public IReadOnlyList<Check> Checks { get; } = checks;

    public IReadOnlyList<HarmlessField> Harmless { get; } = [.. harmless];

    /// <summary>The fields and query parameters that say something, none of them secret: what an audit record keeps of the request.</summary>
    public IReadOnlySet<string> Recorded { get; } =
        checks.SelectMany(check => check.Reads).Concat(harmless.Select(field => field.Path)).Concat(unjudged ?? []).Where(field => !SecretFields.Holds(field)).ToHashSet(StringComparer.Ordinal);

    /// <summary>True where one of <see cref="Recorded"/> is that field, or <c>A.*</c> with the field below A.</summary>
    public bool Records(string field) =>
        Recorded.Contains(field) || (!SecretFields.Holds(field) && Recorded.Any(path => path.EndsWith(".*", StringComparison.Ordinal) && field.StartsWith(path[..^1], StringComparison.Ordinal)));

    /// <summary>The type of the body's document; null where the operation has none.</summary>
    public abstract Type? Document { get; }

    /// <summary>Runs the checks and gives the body to forward, null where there is none.</summary>
    /// <exception cref="RequestRefusedException">The body is not the operation's document.</exception>
    public abstract byte[]? Run(CheckContext context, ReadOnlyMemory<byte> body);
}

/// <summary>The checks of an operation with a typed document.</summary>
internal sealed class BodyChecks<TBody>(string operation, IReadOnlyList<Check<TBody>> checks, IEnumerable<HarmlessField> harmless)
    : OperationChecks(operation, checks, harmless)
    where TBody : class
{
    private readonly BodyType type = BodyCatalogue.All[operation];

    public override Type? Document => typeof(TBody);

    public override byte[] Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        var document = (TBody)type.ReadOrDefault(body);
        foreach (var check in checks)
        {
            if (check.ForEveryone || !context.Unlimited)
            {
                context.Running = check;
                check.Run(document, context);
            }
        }

        context.Running = null;

        return type.Write(document);
    }
}

/// <summary>The checks of an operation that says all in its query.</summary>
internal sealed class QueryChecks(string operation, IReadOnlyList<Check<NoBody>> checks, IEnumerable<HarmlessField> harmless)
    : OperationChecks(operation, checks, harmless)
{
    public override Type? Document => null;

    public override byte[]? Run(CheckContext context, ReadOnlyMemory<byte> body)
    {
        foreach (var check in checks)
        {
            if (check.ForEveryone || !context.Unlimited)
            {
                context.Running = check;
                check.Run(NoBody.Instance, context);
            }
        }

        context.Running = null;

        return null;
    }
}
