using Gateway.Policy.Files;
using Gateway.Policy.Testing;

namespace Gateway.Policy.Lint;

/// <summary>Doubtful grants: that no rule could use, that say one thing twice, or that are missing where a rule needs them.</summary>
internal static class GrantLint
{
    private static readonly string[] Creating = ["ContainerCreate"];

    // The operations that look at a grant; all other grants are for ContainerCreate alone.
    private static readonly Dictionary<string, string[]> Users = new(StringComparer.Ordinal)
    {
        ["images"] = ["ContainerCreate", "ImageCreate", "ImageList", "ImageInspect", "ImageHistory", "ImageGet", "ImageGetAll", "ImageTag", "ImageBuild", "DistributionInspect", "SystemAuth", "SystemEvents", "SystemDataUsage", "ImageSearch"],
        ["own-images"] = ["ImageTag", "ImagePush", "ImageDelete", "ImageBuild", "ImageCommit", "ContainerCreate", "ImageCreate", "ImageInspect", "ImageList", "SystemAuth"],
        ["networks"] = ["ContainerCreate", "NetworkConnect", "NetworkInspect", "NetworkDisconnect", "ImageBuild"],
        ["privileged"] = ["ContainerCreate", "ContainerExec"],
        ["user"] = ["ContainerCreate", "ContainerExec"],
        ["memory"] = ["ContainerCreate", "ContainerUpdate", "ImageBuild"],
        ["cpus"] = ["ContainerCreate", "ContainerUpdate", "ImageBuild"],
        ["pids"] = ["ContainerCreate", "ContainerUpdate"],
        ["registries"] = ["SystemAuth", "ImageSearch", "DistributionInspect"],
        ["labels"] = ["ContainerCreate", "VolumeCreate", "NetworkCreate", "ImageBuild", "ImageCommit"],
        ["subnets"] = ["NetworkCreate"],
        ["ulimits"] = ["ContainerCreate", "ContainerUpdate", "ImageBuild"],
        ["shm-size"] = ["ContainerCreate", "ImageBuild"],
    };

    public static IEnumerable<LintFinding> Of(Role role, Func<string[], SourcePosition> at)
    {
        var allowed = role.Rules.Where(rule => rule.Effect == RuleEffect.Allow).SelectMany(rule => rule.Operations).Select(operation => operation.Name).ToHashSet(StringComparer.Ordinal);
        if (role.Grants is not { } grants)
        {
            yield break;
        }

        foreach (var key in GrantPieces.Of(grants).Select(piece => piece.Key).Distinct())
        {
            if (!Users.GetValueOrDefault(key, Creating).Any(allowed.Contains))
            {
                yield return new(at(["grants", key]), "unused-grant", $"no rule of role \"{role.Name}\" allows an operation that grant {key} is for");
            }
        }

        if (allowed.Contains("ContainerCreate") && grants.Images.Count + grants.OwnImages.Count == 0)
        {
            yield return new(at(["rules"]), "missing-grant", $"role \"{role.Name}\" allows ContainerCreate and grants no images: it can run nothing");
        }

        foreach (var (key, patterns) in new[] { ("images", grants.Images), ("own-images", grants.OwnImages) })
        {
            // A name without a tag was made into two globs; one of them alone is no second mention.
            foreach (var pattern in patterns.Where(pattern => patterns.Any(other => other != pattern && GlobSet.Holds([other], pattern) == true)))
            {
                yield return new(at(["grants", key]), "duplicate", $"{key}: {pattern} lies within another pattern of the list");
            }
        }

        foreach (var (key, values) in new[] { ("networks", grants.Networks), ("capabilities", grants.Capabilities), ("runtimes", grants.Runtimes), ("sysctls", grants.Sysctls), ("security-options", grants.SecurityOptions), ("host-namespaces", grants.HostNamespaces) })
        {
            foreach (var same in values.GroupBy(value => value).Where(same => same.Count() > 1))
            {
                yield return new(at(["grants", key]), "duplicate", $"{key}: {same.Key} stands twice");
            }
        }

        if (grants.Capabilities.Contains("ALL") && grants.Capabilities.Count > 1)
        {
            yield return new(at(["grants", "capabilities"]), "duplicate", "capabilities: ALL holds all the others");
        }
    }
}
