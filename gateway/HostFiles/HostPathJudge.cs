using Gateway.Policy;
using Gateway.Policy.Files.Values;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostFiles;

/// <summary>
/// Rule B for one path: every folder on the way is root's alone on a local file system, no component is a link, and neither the
/// path nor what is mounted below it is a protected place. Then no account but root can make the engine find another folder there.
/// </summary>
internal sealed class HostPathJudge(FileSystemView files, ProtectedPlaces kept, IReadOnlyList<ContainerBind> bound)
{
    // File systems whose owners and modes this kernel alone keeps. An overlay counts as the engine's root folder only: whoever can
    // write its layers has the engine's own program already.
    private static readonly string[] LocalFileSystems =
        ["ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs", "bcachefs", "jfs", "tmpfs", "devtmpfs", "ramfs", "squashfs", "erofs", "iso9660"];

    // Also where they lie: a folder has as many names as it is mounted under.
    private readonly Dictionary<ContainerBind, Place?> places = bound.Distinct().ToDictionary(bind => bind, bind => files.Find(bind.Source));

    public HostPathFact Judge(string path)
    {
        if (!HostPath.IsClean(path))
        {
            return new HostPathFact { Problem = "it is not an absolute, clean path" };
        }

        var handle = files.Root;
        try
        {
            var done = "/";
            foreach (var name in HostPath.Components(path))
            {
                if (ProblemOfFolder(done, handle) is { } problem)
                {
                    return new HostPathFact { Problem = problem };
                }

                done = done == "/" ? "/" + name : $"{done}/{name}";
                if (LinuxFile.Step(handle, name) is not { } next)
                {
                    return new HostPathFact { Problem = ProblemOfMissing(handle, name, done) };
                }

                Leave(handle);
                handle = next;
            }

            return JudgeEnd(path, handle);
        }
        finally
        {
            Leave(handle);
        }
    }

    /// <summary>
    /// A path below a granted folder, which the engine resolves inside the folder's volume: the folder by Rule B; the path itself only so that
    /// a user is told what is wrong with it, as it may be another when the engine looks.
    /// </summary>
    /// <param name="path">Clean; the folder itself, or below it.</param>
    public HostPathFact JudgeInside(string folder, string path)
    {
        var fact = Judge(folder);
        if (fact.Problem is not null || path == folder)
        {
            return fact;
        }

        var handle = files.Open(folder);
        try
        {
            var mount = handle is null ? null : LinuxFile.MountIdOf(handle);
            var done = folder;
            foreach (var name in HostPath.Components(path)[HostPath.Components(folder).Length..])
            {
                done = $"{done}/{name}";
                if (handle is null || LinuxFile.Step(handle, name) is not { } next)
                {
                    return fact with { Problem = handle is null || LinuxFile.Target(handle, name) is null ? $"\"{done}\" does not exist; make it first" : $"\"{done}\" is a symbolic link; name what it leads to" };
                }

                handle.Dispose();
                handle = next;
                if (LinuxFile.MountIdOf(handle) != mount)
                {
                    return fact with { Problem = $"another file system is mounted at \"{done}\", which paths inside \"{folder}\" do not reach; an administrator has to grant it by itself" };
                }
            }

            return fact with { Kind = handle is not null && LinuxFile.Stat(handle) is { } stat ? KindOf(stat) : HostPathKind.Unknown, HasMountsBelow = false };
        }
        finally
        {
            handle?.Dispose();
        }
    }

    private static string ProblemOfMissing(SafeFileHandle folder, string name, string path) =>
        LinuxFile.Target(folder, name) is null ? $"\"{path}\" does not exist; an administrator has to make it" : $"\"{path}\" is a symbolic link; the grant has to name what it leads to";

    private void Leave(SafeFileHandle handle)
    {
        if (handle != files.Root)
        {
            handle.Dispose();
        }
    }

    private static HostPathKind KindOf(LinuxStat stat) =>
        stat.IsFolder ? HostPathKind.Folder : stat.IsFile ? HostPathKind.File : stat.IsDevice ? HostPathKind.Device : HostPathKind.Other;

    private string? ProblemOfFolder(string path, SafeFileHandle handle)
    {
        if (ProblemOfMount(path, handle) is { } problem)
        {
            return problem;
        }

        return LinuxFile.Stat(handle) switch
        {
            null => $"\"{path}\" cannot be looked at",
            { IsFolder: false } => $"\"{path}\" is no folder",
            { Owner: not 0 } or { WritableByOthers: true } => $"\"{path}\" can be written by others than root, who could put a link in its place",
            _ => PosixAcl.LetsOthersWrite(LinuxFile.Attribute(handle, PosixAcl.AttributeName)) ? $"the access list of \"{path}\" lets others than root write" : null,
        };
    }

    // Asked of the mount table, not of the file system: a network or FUSE server may never answer.
    private string? ProblemOfMount(string path, SafeFileHandle handle) => files.MountOf(handle) switch
    {
        null => $"\"{path}\" lies on a mount that the gateway cannot see",
        { FileSystem: "overlay", Point: "/" } => null,
        { } mount when !LocalFileSystems.Contains(mount.FileSystem) => $"\"{path}\" lies on a file system of type {mount.FileSystem}, whose owners and modes this host does not keep alone",
        _ => null,
    };

    private HostPathFact JudgeEnd(string path, SafeFileHandle handle)
    {
        if (ProblemOfMount(path, handle) is { } problem)
        {
            return new HostPathFact { Problem = problem };
        }

        if (LinuxFile.Stat(handle) is not { } stat || files.PlaceOf(path, handle) is not { } place)
        {
            return new HostPathFact { Problem = $"\"{path}\" cannot be looked at" };
        }

        var kind = KindOf(stat);
        var below = files.MountsBelow(path).ToList();
        return new HostPathFact
        {
            Kind = kind,
            Problem = kind == HostPathKind.Device ? null : ProblemOfPlace(place, below) ?? ProblemOfOverlap(path, place),
            NoSuidNoDev = files.MountOf(handle) is { IsHarmless: true } && below.TrueForAll(mount => mount.IsHarmless),
            HasMountsBelow = below.Count > 0,
            HoldsBindOfContainer = bound.Any(bind => HostPath.LiesBelow(bind.Source, path) || (places.GetValueOrDefault(bind) is { } other && other.LiesBelow(place))),
        };
    }

    private string? ProblemOfPlace(Place place, List<MountInfo> below) =>
        below.Select(FileSystemView.PlaceOf).Prepend(place).Select(kept.Meets).FirstOrDefault(name => name is not null) is { } name
            ? $"it holds, is or lies in {name}"
            : null;

    private string? ProblemOfOverlap(string path, Place place) =>
        bound.Any(bind => bind.ReadWrite && (HostPath.LiesBelow(path, bind.Source) || (places.GetValueOrDefault(bind) is { } other && place.LiesBelow(other))))
            ? "a container has a folder above it read-write, and could put a link in its place"
            : null;
}
