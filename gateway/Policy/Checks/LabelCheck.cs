using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// Labels: the owner's is the gateway's alone, always written and never taken from a caller or an image (I41–I43). Prefixes that
/// a proxy, updater or agent on the host obeys need the grant <c>labels</c>, on the image too, whose labels a container inherits.
/// </summary>
internal static class LabelCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("labels", "labels", ["Labels"], Create) { ForEveryone = true };

    public static Check<ContainerConfig> OfCommit { get; } = new("labels", "labels", ["Labels"], (body, context) =>
        body.Labels = Owned(body.Labels, "Labels", context))
    { ForEveryone = true };

    public static Check<VolumeCreateBody> OfVolume { get; } = new("labels", "labels", ["Labels"], (body, context) =>
        body.Labels = Owned(body.Labels, "Labels", context))
    { ForEveryone = true };

    public static Check<NetworkCreateBody> OfNetwork { get; } = new("labels", "labels", ["Labels"], (body, context) =>
        body.Labels = Owned(body.Labels, "Labels", context))
    { ForEveryone = true };

    public static Check<NoBody> OfBuild { get; } = new("labels", "labels", ["?labels"], (_, context) =>
    {
        var labels = context.Query.Get("labels") is { Length: > 0 } text ? EngineBody.ReadMap(text) : [];
        context.Query = context.Query.With("labels", EngineBody.WriteMap(Owned(labels, "labels", context)));
    })
    { ForEveryone = true };

    /// <summary>The caller's labels with the owner's.</summary>
    public static Dictionary<string, string> Owned(Dictionary<string, string>? labels, string field, CheckContext context)
    {
        foreach (var name in labels?.Keys ?? Enumerable.Empty<string>())
        {
            if (OwnerLabel.IsReserved(name))
            {
                context.Refuse(field, $"labels that start with \"{OwnerLabel.Prefix}\" are the gateway's own");
            }
            else if (!IsGranted(name, context))
            {
                context.NoGrant(field, "label", name, context.Grants.Labels);
            }
        }

        return new Dictionary<string, string>(labels ?? [], StringComparer.Ordinal) { [OwnerLabel.Name] = context.User };
    }

    private static void Create(ContainerCreateBody body, CheckContext context)
    {
        body.Labels = Owned(body.Labels, "Labels", context);
        CheckInherited(context.Image?.Labels, context);
    }

    /// <summary>What the container has, whatever image it came to be made from.</summary>
    public static void CheckCreated(EngineObject container, CheckContext context) => CheckInherited(container.Labels, context);

    private static void CheckInherited(IReadOnlyDictionary<string, string>? labels, CheckContext context)
    {
        foreach (var name in labels?.Keys.Where(name => !OwnerLabel.IsReserved(name) && !IsGranted(name, context)) ?? [])
        {
            context.NoGrant("Image", "the image's label", name, context.Grants.Labels);
        }
    }

    private static bool IsGranted(string label, CheckContext context) =>
        context.Unlimited || !LabelPrefix.IsReserved(label, context.Grants.ReservedLabels) || context.Grants.Labels.Any(prefix => LabelPrefix.Covers(prefix, label));
}
