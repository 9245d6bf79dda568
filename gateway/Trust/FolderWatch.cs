namespace Gateway.Trust;

/// <summary>Says at once that something in one of the folders has changed. Missing one is no harm: the stats are looked at all the same.</summary>
internal sealed class FolderWatch : IDisposable
{
    private readonly List<FileSystemWatcher> watchers = [];

    public FolderWatch(TrustFiles files, Action changed)
    {
        foreach (var folder in files.Watched.Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!).Append(Path.GetFullPath(files.Policies)).Distinct())
        {
            try
            {
                var watcher = new FileSystemWatcher(folder);
                watchers.Add(watcher);
                watcher.Changed += (_, _) => changed();
                watcher.Created += (_, _) => changed();
                watcher.Deleted += (_, _) => changed();
                watcher.Renamed += (_, _) => changed();
                watcher.EnableRaisingEvents = true;
            }
            catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
            {
                // The system's bound on watches is reached, or the folder is not there now.
            }
        }
    }

    public void Dispose() => watchers.ForEach(watcher => watcher.Dispose());
}
