using Gateway.Offline;

namespace Gateway.Policy.Ask;

/// <summary>A name of an image that a caller may run, for questions that are not about images.</summary>
internal static class SampleImage
{
    private const string Anything = "docker.io/library/busybox:latest";

    public static string For(OfflineCaller caller)
    {
        if (caller.Roles.Any(role => role.Grants is null))
        {
            return Anything;
        }

        var globs = caller.Roles.SelectMany(role => (role.Grants?.OwnImages ?? []).Concat(role.Grants?.Images ?? []))
            .SelectMany(caller.Caller.Expand).Distinct().ToList();
        if (globs.Exists(glob => Glob.Matches(glob, Anything)))
        {
            return Anything;
        }

        return globs.Select(glob => GlobSet.Samples([glob], images: true).FirstOrDefault(sample => Glob.Matches(glob, sample))).FirstOrDefault(sample => sample is not null) ?? Anything;
    }
}
