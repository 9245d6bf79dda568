using Gateway.EngineApi;

namespace Gateway.Policy.Checks;

/// <summary>
/// Filters, read in both of the engine's forms and written in one; own objects only, by the owner's label, all of whose conditions must
/// hold at the engine; and a name in a filter is no way to ask whether another's object exists (threats §2.3, §4.4; I47).
/// </summary>
internal static class FilterChecks
{
    private static readonly string NoImage = "sha256:" + new string('0', 64);

    public static Check<NoBody> Containers { get; } = new("filters", null, ["?filters", "?since", "?before"], (_, context) => List(context)) { ForEveryone = true };

    public static Check<NoBody> Images { get; } = new("filters", null, ["?filters"], (_, context) => List(context)) { ForEveryone = true };

    public static Check<NoBody> Prunes { get; } = new("prune-filters", null, ["?filters"], (_, context) => Prune(context)) { ForEveryone = true };

    /// <summary>Removes what a rule is about and nothing else: only what the engine itself can be told to choose (I47).</summary>
    private static void Prune(CheckContext context)
    {
        var filters = EngineFilters.Parse(context.Query.Get("filters"), context.Request.Operation!);
        var (allowed, denied) = (context.Scope.Allowed, context.Scope.Denied);
        if (!context.Unlimited && context.Scope.All && context.Request.Operation!.Object == ObjectKind.Volume)
        {
            // What nobody is shown is not removed either, nor named in the report.
            if (filters.Get("label!").Count > 0 || denied.Count > 0)
            {
                context.Refuse("filters", "label! is not granted here, since the engine knows one such condition; remove volumes one by one");
                return;
            }

            context.Query = context.Query.With("filters", filters.With("label!", FolderVolume.Label).ToJson());
            return;
        }

        if (context.Scope.Whole)
        {
            return;
        }

        string[]? labels = context.Scope.All ? []
            : allowed.Any(selector => selector.Kind == SelectorKind.Own) ? [$"{OwnerLabel.Name}={context.User}"]
            : allowed.FirstOrDefault(selector => selector.Kind == SelectorKind.Label)?.Labels?.Select(label => $"{label.Key}={label.Value}").ToArray();
        if (labels is null || labels.Any(label => label.Count(c => c == '=') != 1) || denied.Any(selector => selector.Labels is not { Count: 1 }) || denied.Count > 1)
        {
            context.Refuse("filters", "the engine cannot be told to remove only what the rules are about; remove objects one by one");
            return;
        }

        // Objects must have all of the labels of label!, too, to be spared: a second one would spare less.
        if (denied.Count > 0 && filters.Get("label!").Count > 0)
        {
            context.Refuse("filters", "label! is not granted beside a deny rule on a label");
            return;
        }

        filters = labels.Aggregate(filters, (all, label) => all.With("label", label));
        filters = denied.Aggregate(filters, (all, selector) => all.With("label!", string.Join('=', selector.Labels!.Single().Key, selector.Labels!.Single().Value)));
        context.Query = context.Query.With("filters", filters.ToJson());
    }

    private static void List(CheckContext context)
    {
        var (query, operation) = (context.Query, context.Request.Operation!);
        var filters = EngineFilters.Parse(query.Get("filters"), operation);
        var names = filters.Get("since").Concat(filters.Get("before"));
        names = operation.Object == ObjectKind.Container ? names.Append(query.Get("since") ?? "").Append(query.Get("before") ?? "") : names;
        foreach (var name in names.Where(name => name.Length > 0 && !Sees(context, operation.Object, name)))
        {
            context.NotFound(operation.Object, name);
        }

        if (operation.Object == ObjectKind.Container)
        {
            // What the caller must not know of is no ancestor of anything, as for the engine what is not there.
            filters = filters.Get("ancestor").Count == 0 ? filters
                : filters.WithAll("ancestor", filters.Get("ancestor").Select(name => Sees(context, ObjectKind.Image, name) ? name : NoImage));
            if (context.Scope.LabelFilters is { } labels)
            {
                filters = labels.Aggregate(filters, (all, label) => all.With("label", label));
            }
            else if (query.Get("limit") is { Length: > 0 } limit && limit[0] is not ('0' or '-'))
            {
                query = query.Without("limit").With("all", "1");
            }
        }

        context.Query = query.With("filters", filters.ToJson());
    }

    private static bool Sees(CheckContext context, ObjectKind kind, string name) =>
        context.Find(kind, name) is { } found
        && (kind == ObjectKind.Image ? ImageReference.TryParse(name, out var reference) && ImageAccess.MayReadAs(context, reference, found) : context.Owns(found));
}
