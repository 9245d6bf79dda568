using Gateway.EngineApi;
using Gateway.Forwarding;

namespace Gateway.Objects;

/// <summary>What an engine has of one kind, stopped containers too, one object at a time.</summary>
internal static class EngineLists
{
    /// <param name="filters">What the engine itself is to choose; null is everything.</param>
    /// <param name="skipTooLong">Leaves out what is too long to be looked at, where that is no matter of safety.</param>
    /// <exception cref="EngineUnreachableException">The engine is away.</exception>
    /// <exception cref="EngineAnswerException">The answer is no such list, or an error; an element is too long.</exception>
    public static IAsyncEnumerable<EngineObject> ListAsync(this EngineClient engine, ObjectKind kind, EngineFilters? filters, bool skipTooLong, CancellationToken cancellationToken)
    {
        var (path, member) = kind switch
        {
            ObjectKind.Container => ("/containers/json?all=1&", ""),
            ObjectKind.Image => ("/images/json?", ""),
            ObjectKind.Network => ("/networks?", ""),
            ObjectKind.Volume => ("/volumes?", "Volumes"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        var target = filters is null ? path[..^1] : $"{path}filters={PercentText.Encode(filters.ToJson())}";
        return engine.ListAsync(target, member, skipTooLong, cancellationToken).Select(item => EngineObject.OfListed(kind, item));
    }
}
