using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Objects;

namespace Gateway.Policy.Checks;

/// <summary>
/// HostConfig.Mounts of type bind (grant <c>binds</c>), wherever they come from: exactly a granted folder or file, and one that nobody but root can
/// swap for another (threats, Rule B; I20–I25). An engine looks the path up again at every start, so a start is checked too.
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
            $"{Options}.ReadOnlyNonRecursive", $"{Options}.ReadOnlyForceRecursive", "HostConfig.CapDrop",
        ],
        Create);

    /// <summary>The binds that a container was made with, each time that the engine looks them up again.</summary>
    public static Check<NoBody> OfStart { get; } = new("binds", "binds", [], (_, context) =>
    {
        if (!context.AllObjects && context.Find(ObjectKind.Container, context.Request.Name!) is { } container)
        {
            CheckExisting(container, readOnly: false, $"{Field}.Source", context);
        }
    });

    private static void Create(ContainerCreateBody body, CheckContext context)
    {
        var host = body.HostConfig!;
        host.Mounts = host.Mounts?.Select(mount => mount.Type == "bind" ? Checked(mount, context) : mount).ToList();
        if (host.Mounts?.Exists(mount => mount.Type == "bind" && mount.ReadOnly != true) == true && !context.Grants.Capabilities.Contains("MKNOD"))
        {
            // A device node made through a bind would act on the host (Rule B8).
            host.CapDrop = new TextOrList([.. host.CapDrop ?? new TextOrList([]), "MKNOD"]);
        }
    }

    /// <summary>One bind of a create; gives the mount to forward.</summary>
    private static Mount Checked(Mount mount, CheckContext context)
    {
        var source = mount.Source ?? "";
        var readOnly = mount.ReadOnly == true;
        CheckSource(source, readOnly, $"{Field}.Source", context);

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
        if (options?.ReadOnlyNonRecursive == true && !GrantsWrite(source, context))
        {
            context.Refuse($"{Options}.ReadOnlyNonRecursive", $"\"{CheckContext.Shown(source)}\" is granted read-only, with what is mounted below it");
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
            CheckSource(source, readOnly || !writable, field, context);
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

    private static void CheckSource(string source, bool readOnly, string field, CheckContext context)
    {
        if (context.Grants.Binds.FirstOrDefault(g => context.Expand(g.Source).Contains(source) && (g.ReadWrite || readOnly)) is not { } grant)
        {
            context.NoGrant(field, "bind source", source, context.Grants.Binds.Select(g => g.Source + (g.ReadWrite ? "" : " (read-only)")));
            return;
        }

        var why = context.HostPaths.Of(source) switch
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
            context.Refuse(field, $"bind source \"{source}\" cannot be bound safely: {why}");
        }
    }

    private static bool GrantsWrite(string source, CheckContext context) =>
        context.Grants.Binds.Any(g => g.ReadWrite && context.Expand(g.Source).Contains(source));

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
