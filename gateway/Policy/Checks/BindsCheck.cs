using Gateway.EngineApi.Documents;

namespace Gateway.Policy.Checks;

/// <summary>
/// <c>Binds</c> are read as the engine does and become Mounts, and anonymous volumes, the image's too, become Mounts with an owner:
/// so that one set of rules sees all that puts files into a container (threats §3.2, §4.3). Runs before the rules on Mounts.
/// </summary>
internal static class BindsCheck
{
    public static Check<ContainerCreateBody> OfCreate { get; } = new("binds-as-mounts", null, ["HostConfig.Binds", "Volumes"], Convert) { ForEveryone = true };

    private static void Convert(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        List<Mount> mounts = [.. host.Mounts ?? []];

        // A role that is not limited keeps what only Binds can say: relabelling, propagation, sources made by the engine.
        List<string> kept = context.Unlimited ? [.. (host.Binds ?? []).Where(bind => bind.StartsWith('/'))] : [];
        mounts.AddRange((host.Binds ?? []).Except(kept).Select(bind => BindText.Parse(bind, context)).OfType<Mount>());
        host.Binds = kept.Count == 0 ? null : kept;

        // The engine leaves out an anonymous volume where something is mounted already.
        var taken = mounts.Select(m => m.Target)
            .Concat(host.Tmpfs?.Keys ?? Enumerable.Empty<string>())
            .Concat(kept.Select(bind => bind.Split(':').ElementAtOrDefault(1)))
            .Select(target => MountTarget.Clean(target) ?? target)
            .ToHashSet(StringComparer.Ordinal);
        var image = context.Image is { } found ? Objects.Json.Members(Objects.Json.Member(Objects.Json.Member(found.Raw, "Config"), "Volumes")).Select(v => v.Name) : [];
        Add(body.Volumes?.Keys ?? Enumerable.Empty<string>(), "Volumes");
        Add(image, "Image");

        body.Volumes = null;
        host.Mounts = mounts.Count == 0 ? null : mounts;

        // Looked at here, since of a mount that the caller did not write a refusal would say the wrong field.
        void Add(IEnumerable<string> targets, string field)
        {
            foreach (var target in targets.Where(target => taken.Add(MountTarget.Clean(target) ?? target)))
            {
                MountTarget.Check(target, field, context);
                mounts.Add(new Mount { Type = "volume", Target = target });
            }
        }
    }
}
