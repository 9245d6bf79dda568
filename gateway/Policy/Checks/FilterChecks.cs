using Gateway.EngineApi;

namespace Gateway.Policy.Checks;

/// <summary>
/// Filters, read in both of the engine's forms and written in one; own objects only, by the owner's label, all of whose conditions must
/// hold at the engine; and a name in a filter is no way to ask whether another's object exists (threats §2.3, §4.4; I47).
/// </summary>
internal static class FilterChecks
{
    public static Check<NoBody> Containers { get; } = new("filters", null, ["?filters", "?since", "?before"], (_, context) => List(context)) { ForEveryone = true };

    public static Check<NoBody> Images { get; } = new("filters", null, ["?filters"], (_, context) => List(context)) { ForEveryone = true };

    public static Check<NoBody> Prunes { get; } = new("prune-filters", null, ["?filters"], (_, context) =>
    {
        if (!context.AllObjects)
        {
            context.Query = context.Query.With("filters", Own(EngineFilters.Parse(context.Query.Get("filters"), context.Request.Operation!), context).ToJson());
        }
    })
    { ForEveryone = true };

    /// <summary>The answer is narrowed; the filters are only written anew.</summary>
    public static Check<NoBody> Rewritten { get; } = new("rewritten-filters", null, ["?filters"], (_, context) =>
    {
        if (context.Query.Has("filters"))
        {
            context.Query = context.Query.With("filters", EngineFilters.Parse(context.Query.Get("filters"), context.Request.Operation!).ToJson());
        }
    })
    { ForEveryone = true };

    private static EngineFilters Own(EngineFilters filters, CheckContext context) => filters.With("label", $"{OwnerLabel.Name}={context.User}");

    private static void List(CheckContext context)
    {
        var (query, operation) = (context.Query, context.Request.Operation!);
        var filters = EngineFilters.Parse(query.Get("filters"), operation);
        var names = filters.Get("since").Concat(filters.Get("before"));
        names = operation.Object == ObjectKind.Container ? names.Append(query.Get("since") ?? "").Append(query.Get("before") ?? "") : names;
        foreach (var name in names.Where(name => name.Length > 0))
        {
            var found = context.Find(operation.Object, name);
            if (found is null || !(operation.Object == ObjectKind.Image ? ImageAccess.MayRead(context, found) : context.Owns(found)))
            {
                context.NotFound(operation.Object, name);
            }
        }

        context.Query = query.With("filters", (operation.Object == ObjectKind.Container && !context.AllObjects ? Own(filters, context) : filters).ToJson());
    }
}
