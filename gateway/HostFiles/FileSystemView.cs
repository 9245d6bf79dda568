using Gateway.Policy.Files.Values;
using Microsoft.Win32.SafeHandles;

namespace Gateway.HostFiles;

/// <summary>Where a path lies, whatever it is called: the file system, and the path in it. Two names of one folder (bind mounts) have one place.</summary>
internal readonly record struct Place(string Device, string Path)
{
    public bool Meets(Place other) => Device == other.Device && HostPath.Meet(Path, other.Path);

    public bool LiesBelow(Place other) => Device == other.Device && HostPath.LiesBelow(Path, other.Path);
}

/// <summary>The files as one process sees them: its root folder as a handle, and its mounts.</summary>
internal sealed class FileSystemView(SafeFileHandle root, IReadOnlyList<MountInfo> mounts) : IDisposable
{
    private const int MaxLinks = 40;

    private readonly Dictionary<int, MountInfo> byId = mounts.ToDictionary(mount => mount.Id);

    public SafeFileHandle Root => root;

    /// <summary>This process's own view; null where it cannot be had.</summary>
    public static FileSystemView? OfThisProcess()
    {
        try
        {
            return LinuxFile.Open("/") is { } root ? new FileSystemView(root, MountInfo.Parse(File.ReadAllText("/proc/self/mountinfo"))) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The mount that the handle lies on; null where the view does not hold it (mounted just now, or outside the root).</summary>
    public MountInfo? MountOf(SafeFileHandle handle) => LinuxFile.MountIdOf(handle) is { } id ? byId.GetValueOrDefault(id) : null;

    public IEnumerable<MountInfo> MountsBelow(string path) => mounts.Where(mount => HostPath.LiesBelow(mount.Point, path));

    public Place? PlaceOf(string path, SafeFileHandle handle) => MountOf(handle) is { } mount ? PlaceOn(mount, path) : null;

    public static Place PlaceOf(MountInfo mount) => new(mount.Device, mount.Root);

    /// <summary>The path as a handle, no link followed; null where there is none.</summary>
    /// <param name="path">Clean.</param>
    public SafeFileHandle? Open(string path)
    {
        var handle = root;
        foreach (var name in HostPath.Components(path))
        {
            var next = LinuxFile.Step(handle, name);
            if (handle != root)
            {
                handle.Dispose();
            }

            if (next is null)
            {
                return null;
            }

            handle = next;
        }

        return handle == root ? null : handle;
    }

    /// <summary>Where a path really lies, its links followed; the deepest folder that exists stands for what does not. Null where that cannot be told.</summary>
    public Place? Find(string path)
    {
        var pending = new Stack<string>(HostPath.Components(path).Reverse());
        var done = new List<string>();
        var handles = new Stack<SafeFileHandle>();
        try
        {
            for (var links = 0; pending.TryPop(out var name);)
            {
                var folder = handles.Count > 0 ? handles.Peek() : root;
                switch (name)
                {
                    case "" or ".":
                        continue;
                    case "..":
                        if (handles.TryPop(out var left))
                        {
                            left.Dispose();
                            done.RemoveAt(done.Count - 1);
                        }

                        continue;
                    default:
                        break;
                }

                if (LinuxFile.Step(folder, name) is { } next)
                {
                    handles.Push(next);
                    done.Add(name);
                }
                else if (LinuxFile.Target(folder, name) is { } target && ++links <= MaxLinks)
                {
                    while (target.StartsWith('/') && handles.TryPop(out var left))
                    {
                        left.Dispose();
                        done.Clear();
                    }

                    foreach (var part in target.Split('/').Reverse())
                    {
                        pending.Push(part);
                    }
                }
                else
                {
                    // Not there (yet): what would be made there lies below what is.
                    return PlaceOf("/" + string.Join('/', done), folder) is { } parent
                        ? parent with { Path = string.Join('/', [parent.Path.TrimEnd('/'), name, .. pending.Where(part => part.Length > 0)]) }
                        : null;
                }
            }

            return PlaceOf("/" + string.Join('/', done), handles.Count > 0 ? handles.Peek() : root);
        }
        finally
        {
            foreach (var handle in handles)
            {
                handle.Dispose();
            }
        }
    }

    public void Dispose() => root.Dispose();

    private static Place PlaceOn(MountInfo mount, string path)
    {
        var below = mount.Point == "/" ? path.TrimEnd('/') : path.Length > mount.Point.Length ? path[mount.Point.Length..] : "";
        return new Place(mount.Device, below.Length == 0 ? mount.Root : mount.Root.TrimEnd('/') + below);
    }
}
