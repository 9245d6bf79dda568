using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// HostConfig.Mounts of type bind, wherever they come from: exactly a granted folder or file, and one that nobody but root can
/// swap for another (threats, Rule B; I20–I25). An engine looks the path up again at every start, so a start is checked too.
/// </summary>
internal static class BindCheck
{
    private const int FirstVersionWithForceRecursive = 44;

    /// <summary>One bind of a create; gives the mount to forward.</summary>
    public static Mount Check(Mount mount, CheckContext context)
    {
        if (context.Unlimited)
        {
            return mount;
        }

        var source = mount.Source ?? "";
        var readOnly = mount.ReadOnly == true;
        if (Problem(source, readOnly, context) is { } problem)
        {
            context.Refuse("HostConfig.Mounts.Source", problem);
        }

        var options = mount.BindOptions;
        if (options?.Propagation is not (null or "" or "private" or "rprivate"))
        {
            context.Refuse("HostConfig.Mounts.BindOptions.Propagation", "mount propagation is never granted");
        }

        if (options?.CreateMountpoint == true)
        {
            context.Refuse("HostConfig.Mounts.BindOptions.CreateMountpoint", "the engine never makes folders on the host");
        }

        if (mount.VolumeOptions is not null || mount.TmpfsOptions is not null || mount.ImageOptions is not null)
        {
            context.Malformed("HostConfig.Mounts", "a bind has no options of other mounts");
        }

        return readOnly && options?.NonRecursive != true && context.HostPaths.Of(source).HasMountsBelow && !GrantsWrite(source, context)
            ? ReadOnlyThroughout(mount, context)
            : mount;
    }

    /// <summary>The binds that a container has already, before it is started, or before another takes them over.</summary>
    public static void CheckExisting(EngineObject container, bool readOnly, string field, CheckContext context)
    {
        foreach (var (source, writable) in Of(container))
        {
            if (Problem(source, readOnly || !writable, context) is { } problem)
            {
                context.Refuse(field, problem);
            }
        }
    }

    /// <summary>The host paths of a container's binds, from the engine's inspect.</summary>
    public static IEnumerable<(string Source, bool Writable)> Of(EngineObject container) =>
        Json.Items(Json.Member(container.Raw, "Mounts"))
            .Where(mount => Json.String(mount, "Type") == "bind")
            .Select(mount => (Json.String(mount, "Source") ?? "", Json.True(mount, "RW")));

    /// <summary>Why a device of the host must not be passed on, though its path is granted; null where it may.</summary>
    public static string? DeviceProblem(string path, CheckContext context)
    {
        var fact = context.HostPaths.Of(path);
        return fact.Problem ?? (fact.Kind == HostPathKind.Device ? null : "it is no device");
    }

    private static string? Problem(string source, bool readOnly, CheckContext context)
    {
        var grant = context.Grants.Binds.FirstOrDefault(g => context.WithUser(g.Source) == source && (g.ReadWrite || readOnly));
        if (grant is null)
        {
            var granted = string.Join(", ", context.Grants.Binds.Select(g => context.WithUser(g.Source) + (g.ReadWrite ? "" : " (read-only)")));
            return $"no grant for bind source \"{source}\"; granted: {(granted.Length == 0 ? "none" : granted)}";
        }

        var fact = context.HostPaths.Of(source);
        var why = fact switch
        {
            { Problem: { } problem } => problem,
            { Kind: not (HostPathKind.Folder or HostPathKind.File) } => "it is a socket, a device or a pipe",
            { HoldsBindOfContainer: true } when !readOnly => "a container has a folder below it, which this one could swap for a link",
            { NoSuidNoDev: false } when !readOnly && !grant.SetuidAccepted && !context.Grants.NonRoot && !context.Role.RootEquivalent =>
                "set-uid programs left there would work on the host; an administrator has to mount it nosuid,nodev",
            _ => null,
        };
        return why is null ? null : $"bind source \"{source}\" cannot be bound safely: {why}";
    }

    private static bool GrantsWrite(string source, CheckContext context) =>
        context.Grants.Binds.Any(g => g.ReadWrite && context.WithUser(g.Source) == source);

    /// <summary>Mounts below a read-only bind stay writable unless the engine is told otherwise (moby, API 1.44).</summary>
    private static Mount ReadOnlyThroughout(Mount mount, CheckContext context)
    {
        if (context.Request.Version is null or < FirstVersionWithForceRecursive)
        {
            context.Refuse("HostConfig.Mounts.Source", $"bind source \"{mount.Source}\" has other file systems mounted below it, which stay writable below API 1.{FirstVersionWithForceRecursive}");
        }

        var options = (mount.BindOptions ?? new BindOptions()) with { Propagation = "rprivate", ReadOnlyNonRecursive = null, ReadOnlyForceRecursive = true };
        return mount with { BindOptions = options };
    }
}
