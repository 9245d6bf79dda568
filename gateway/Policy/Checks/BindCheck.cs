using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;
using Gateway.Policy.Files.Values;

namespace Gateway.Policy.Checks;

/// <summary>
/// HostConfig.Mounts of type bind (grant <c>binds</c>), wherever they come from: exactly a granted folder or file, and one that nobody but root can
/// swap for another; or, with <c>inside: true</c>, a path below it, which becomes a sub-path of the folder's volume (threats, Rule B; I20–I25). An
/// engine looks the path up again at every start, so a start is checked too.
/// </summary>
internal static class BindCheck
{
    private const int FirstVersionWithForceRecursive = 44;
    private const string Field = "HostConfig.Mounts";
    private const string Options = Field + ".BindOptions";

    public static Check<ContainerCreateBody> OfCreate { get; } = new(
        "binds",
        "binds",
        [
            $"{Field}.Source", $"{Field}.ReadOnly", $"{Options}.Propagation", $"{Options}.CreateMountpoint", $"{Options}.NonRecursive",
            $"{Options}.ReadOnlyNonRecursive", $"{Options}.ReadOnlyForceRecursive",
        ],
        (body, context) => body.HostConfig!.Mounts = body.HostConfig.Mounts?.Select(mount => mount.Type == "bind" ? Checked(mount, context) : mount).ToList());

    /// <summary>The binds that a container was made with, each time that the engine looks them up again.</summary>
    public static Check<NoBody> OfStart { get; } = new("binds", "binds", [], (_, context) =>
    {
        if (!context.AllObjects && context.Find(ObjectKind.Container, context.Request.Name!) is { } container)
        {
            CheckExisting(container, readOnly: false, $"{Field}.Source", context.Facts.HostPaths, context);
        }
    });

    /// <summary>The binds that a container has already: before it is started, before another takes them over, and after it was made.</summary>
    /// <param name="paths">What was seen of them.</param>
    public static void CheckExisting(EngineObject container, bool readOnly, string field, HostPathFacts paths, CheckContext context)
    {
        foreach (var (source, writable) in Of(container))
        {
            var asksLess = readOnly || !writable;
            if (Exact(source, asksLess, context) is { } grant)
            {
                Judge(source, asksLess, grant, paths.Of(source), field, context);
            }
            else
            {
                NoGrant(source, field, context);
            }
        }

        foreach (var (folder, writable) in FoldersOf(container))
        {
            var asksLess = readOnly || !writable;
            if (context.Grants.Binds.FirstOrDefault(g => g.Inside && Fits(g, asksLess) && context.Expand(g.Source).Contains(folder)) is { } grant)
            {
                Judge(folder, asksLess, grant, paths.Inside(folder, folder), field, context);
            }
            else
            {
                NoGrant(folder + "/…", field, context);
            }
        }
    }

    /// <summary>The host paths of a container's binds, from the engine's inspect.</summary>
    public static IEnumerable<(string Source, bool Writable)> Of(EngineObject container) =>
        Mounts(container, "bind").Select(mount => (Json.String(mount, "Source") ?? "", Json.True(mount, "RW")));

    /// <summary>The granted folders that a container has paths of, by their volumes; of a volume whose name no folder has, the name.</summary>
    public static IEnumerable<(string Folder, bool Writable)> FoldersOf(EngineObject container) =>
        from mount in Mounts(container, "volume")
        let name = Json.String(mount, "Name") ?? ""
        where FolderVolume.IsName(name)
        select (FolderVolume.FolderOf(name) ?? name, Json.True(mount, "RW"));

    /// <summary>Why a device of the host must not be passed on, though its path is granted; null where it may.</summary>
    public static string? DeviceProblem(string path, CheckContext context)
    {
        var fact = context.HostPaths.Of(path);
        return fact.Problem ?? (fact.Kind == HostPathKind.Device ? null : "it is no device");
    }

    /// <summary>One bind of a create; gives the mount to forward.</summary>
    private static Mount Checked(Mount mount, CheckContext context)
    {
        var source = mount.Source ?? "";
        var readOnly = mount.ReadOnly == true;
        CheckOptions(mount, context);
        if (Exact(source, readOnly, context) is { } exact)
        {
            Judge(source, readOnly, exact, context.HostPaths.Of(source), $"{Field}.Source", context);
            return readOnly && mount.BindOptions?.NonRecursive != true && context.HostPaths.Of(source).HasMountsBelow && !GrantsWrite(source, context)
                ? ReadOnlyThroughout(mount, context)
                : mount;
        }

        if (Inside(source, readOnly, context) is var (inside, folder))
        {
            CheckVersion(source, folder, context);
            Judge(source, readOnly, inside, context.HostPaths.Inside(folder, source), $"{Field}.Source", context);
            return FolderVolume.MountOf(folder, mount);
        }

        NoGrant(source, $"{Field}.Source", context);
        return mount;
    }

    private static void CheckOptions(Mount mount, CheckContext context)
    {
        var options = mount.BindOptions;
        if (options?.Propagation is not (null or "" or "private" or "rprivate"))
        {
            context.Never($"{Options}.Propagation", options!.Propagation, "mounts would travel between host and container");
        }

        if (options?.CreateMountpoint == true)
        {
            context.Never($"{Options}.CreateMountpoint", "true", "the engine would make folders on the host as root");
        }

        // What is mounted below would stay writable through a grant that only reads.
        if (options?.ReadOnlyNonRecursive == true && !GrantsWrite(mount.Source ?? "", context))
        {
            context.Refuse($"{Options}.ReadOnlyNonRecursive", $"\"{CheckContext.Shown(mount.Source ?? "")}\" is granted read-only, with what is mounted below it");
        }
    }

    private static void CheckVersion(string source, string folder, CheckContext context)
    {
        if ((context.Request.Version ?? context.Facts.EngineVersion) is { } version && version < FolderVolume.FirstVersion)
        {
            context.Refuse(
                $"{Field}.Source",
                $"bind source \"{CheckContext.Shown(source)}\" lies inside the granted folder \"{folder}\": that needs API 1.{FolderVolume.FirstVersion} (Docker Engine 26) of engine and client, and this request is of API 1.{version}; bind \"{folder}\" itself");
        }
    }

    private static BindGrant? Exact(string source, bool readOnly, CheckContext context) =>
        context.Grants.Binds.FirstOrDefault(grant => Fits(grant, readOnly) && context.Expand(grant.Source).Contains(source));

    private static (BindGrant Grant, string Folder)? Inside(string source, bool readOnly, CheckContext context) =>
        context.Grants.Binds.Where(grant => grant.Inside && Fits(grant, readOnly) && HostPath.IsClean(source))
            .SelectMany(grant => context.Expand(grant.Source).Where(folder => HostPath.LiesBelow(source, folder)).Select(folder => ((BindGrant, string)?)(grant, folder)))
            .FirstOrDefault();

    private static bool Fits(BindGrant grant, bool readOnly) => grant.ReadWrite || readOnly;

    private static void NoGrant(string source, string field, CheckContext context) => context.NoGrant(
        field, "bind source", source, context.Grants.Binds.Select(g => g.Source + (g.Inside ? " and inside" : "") + (g.ReadWrite ? "" : " (read-only)")));

    private static void Judge(string source, bool readOnly, BindGrant grant, HostPathFact fact, string field, CheckContext context)
    {
        var why = fact switch
        {
            { Problem: { } problem } => problem,
            { Kind: not (HostPathKind.Folder or HostPathKind.File) } => "it is a socket, a device or a pipe",
            { HoldsBindOfContainer: true } when !readOnly => "a container has a folder below it, which this one could swap for a link",
            { NoSuidNoDev: false } when !readOnly && !grant.SetuidAccepted && !context.Grants.NonRoot && !context.Role.RootEquivalent =>
                "set-uid programs left there would work on the host; an administrator has to mount it nosuid,nodev",
            _ => null,
        };
        if (why is not null)
        {
            context.Refuse(field, $"bind source \"{CheckContext.Shown(source)}\" cannot be bound safely: {why}");
        }
    }

    private static bool GrantsWrite(string source, CheckContext context) => Exact(source, false, context) is not null;

    private static IEnumerable<System.Text.Json.JsonElement> Mounts(EngineObject container, string type) =>
        Json.Items(Json.Member(container.Raw, "Mounts")).Where(mount => Json.String(mount, "Type") == type);

    /// <summary>Mounts below a read-only bind stay writable unless the engine is told otherwise (moby, API 1.44).</summary>
    private static Mount ReadOnlyThroughout(Mount mount, CheckContext context)
    {
        if (context.Request.Version is null or < FirstVersionWithForceRecursive)
        {
            context.Refuse($"{Field}.Source", $"bind source \"{mount.Source}\" has other file systems mounted below it, which stay writable below API 1.{FirstVersionWithForceRecursive}");
        }

        var options = (mount.BindOptions ?? new BindOptions()) with { Propagation = "rprivate", ReadOnlyNonRecursive = null, ReadOnlyForceRecursive = true };
        return mount with { BindOptions = options };
    }
}
