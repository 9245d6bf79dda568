using System.Globalization;
using System.Text;

namespace CertsTool.Folder;

/// <summary>
/// A change of several files that happens as a whole or not at all, whenever the process is killed or the disk is full.
/// 1. Every new file is written under <c>.preparing</c> with its final mode, and synced, with a plan of where each goes.
/// 2. Renaming <c>.preparing</c> to <c>.committed</c> is the moment at which the change is decided.
/// 3. Each file is renamed to its place in the plan's order, so that a reader sees the old or the new file, never half of one.
/// A run that finds <c>.preparing</c> removes it; one that finds <c>.committed</c> goes on with step 3.
/// </summary>
internal sealed class FolderChange
{
    private const string PlanFile = "plan";
    private const string Together = "+";
    private const string Second = ".second";
    private const string Mark = ".mark";
    private readonly PkiFolder folder;
    private readonly StringBuilder plan = new();
    private int count;

    private FolderChange(PkiFolder folder) => this.folder = folder;

    /// <summary>Does what <paramref name="prepare"/> asks for, as a whole. The caller holds the folder's lock.</summary>
    /// <exception cref="ToolException">It failed; the message says whether anything is changed.</exception>
    public static void Make(PkiFolder folder, Action<FolderChange> prepare)
    {
        var change = new FolderChange(folder);
        try
        {
            Directory.CreateDirectory(folder.Preparing, PkiFolder.DirectoryMode);
            prepare(change);
            WriteNew(Path.Combine(folder.Preparing, PlanFile), change.plan.ToString(), PkiFolder.InventoryMode);
            Posix.SyncFolder(folder.Preparing);
            Posix.Move(folder.Preparing, folder.Committed);
        }
        catch (Exception e)
        {
            Discard(folder);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new ToolException(ToolException.Damaged, $"{e.Message}; nothing was changed\nmake room or mend what stands in the way, then run the command again");
            }

            throw;
        }

        try
        {
            Posix.SyncFolder(folder.Path);
            Apply(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ToolException.Damaged, $"{e.Message}; the change is decided, and kept whole in {folder.Committed}\nmend what stands in the way, then finish it with: certs-tool verify --repair --dir {folder.Path}");
        }
    }

    /// <summary>Finishes or removes what a killed run left.</summary>
    /// <returns>True if there was a decided change to finish.</returns>
    /// <exception cref="ToolException">What is there is no change that this tool left.</exception>
    public static bool Recover(PkiFolder folder)
    {
        Discard(folder);
        if (!Directory.Exists(folder.Committed))
        {
            return false;
        }

        Apply(folder);
        return true;
    }

    /// <summary>A new file, or one in the place of another: only a certificate, a list or the inventory may be replaced so.</summary>
    public void Put(string target, string text, UnixFileMode mode)
    {
        MakeParent(target);
        var number = Next();
        WriteNew(Path.Combine(folder.Preparing, number), text, mode);
        Plan(number, target);
    }

    /// <summary>A whole new folder: it appears with all its files at once.</summary>
    /// <exception cref="ToolException">There is something in its place.</exception>
    public void PutFolder(string target, IEnumerable<(string Name, string Text, UnixFileMode Mode)> files)
    {
        if (Posix.Facts(target) is not null)
        {
            throw new ToolException(ToolException.Usage, $"{target} exists; nothing is overwritten");
        }

        MakeParent(target);
        var number = Next();
        var made = Path.Combine(folder.Preparing, number);
        Directory.CreateDirectory(made, PkiFolder.DirectoryMode);
        foreach (var (name, text, mode) in files)
        {
            WriteNew(Path.Combine(made, name), text, mode);
        }

        Posix.SyncFolder(made);
        Plan(number, target);
    }

    /// <summary>
    /// Files of a folder that fit only each other, such as a certificate and its key: whoever opens the folder by its path
    /// finds the old ones or the new ones, never some of each.
    /// </summary>
    /// <param name="files">The certificate first: it shows which of the two is in place.</param>
    public void ReplaceTogether(string target, IReadOnlyList<(string Name, string Text, UnixFileMode Mode)> files)
    {
        var number = Next();
        foreach (var copy in new[] { number, number + Second, number + Mark })
        {
            var made = Path.Combine(folder.Preparing, copy);
            Directory.CreateDirectory(made, PkiFolder.DirectoryMode);
            foreach (var (name, text, mode) in copy.EndsWith(Mark, StringComparison.Ordinal) ? files.Take(1) : files)
            {
                WriteNew(Path.Combine(made, name), text, mode);
            }

            Posix.SyncFolder(made);
        }

        Plan(number + Together, target);
    }

    public void Delete(string target) => Plan("-", target);

    private static void Apply(PkiFolder folder)
    {
        HashSet<string> touched = [folder.Path];
        foreach (var line in ReadPlan(folder))
        {
            var (source, target) = line;
            var place = folder.In(target);
            if (source == "-")
            {
                File.Delete(place);
            }
            else if (source.EndsWith(Together, StringComparison.Ordinal))
            {
                ApplyTogether(Path.Combine(folder.Committed, source[..^1]), place);
                touched.Add(place);
            }
            else
            {
                // Missing: a run before this one has moved it already.
                Posix.Move(Path.Combine(folder.Committed, source), place);
            }

            touched.Add(Path.GetDirectoryName(place)!);
        }

        foreach (var directory in touched.Where(Directory.Exists))
        {
            Posix.SyncFolder(directory);
        }

        // The plan stays until everything else is gone, so that a kill in between finds a plan that is done, not none.
        Posix.Move(folder.Committed, folder.Preparing);
        Posix.SyncFolder(folder.Path);
        Discard(folder);
    }

    /// <summary>
    /// The folder changes places with a whole new one, gets the new files while nobody finds it by its path, and changes places
    /// back: so it stays the same folder to whoever has it mounted. Where folders cannot change places, the files are renamed
    /// one after the other.
    /// </summary>
    private static void ApplyTogether(string made, string place)
    {
        var mark = Directory.GetFiles(made + Mark)[0];
        var shown = Path.Combine(place, Path.GetFileName(mark));
        var away = (File.Exists(shown) && File.ReadAllText(shown) == File.ReadAllText(mark)) || Posix.Exchange(made, place);

        // Where a run before this one was killed, some files are moved already. Readers open the certificate first.
        foreach (var file in Directory.GetFiles(made + Second).OrderBy(file => Path.GetFileName(file) == Path.GetFileName(mark) ? 0 : 1))
        {
            Posix.Move(file, Path.Combine(away ? made : place, Path.GetFileName(file)));
        }

        if (away)
        {
            Posix.SyncFolder(made);
            Posix.Exchange(made, place);
        }
    }

    private static List<(string Source, string Target)> ReadPlan(PkiFolder folder)
    {
        var file = Path.Combine(folder.Committed, PlanFile);
        try
        {
            return [.. File.ReadAllLines(file).Select(line => line.Split(' ', 2)).Select(parts => (parts[0], Inside(parts[1])))];
        }
        catch (Exception e) when (e is FileNotFoundException or IndexOutOfRangeException or FormatException)
        {
            throw new ToolException(ToolException.Damaged, $"{folder.Committed}: its plan is missing or is none; it was changed by hand, and nothing was done\nlook at what is in it, then remove it and run: certs-tool verify --repair --dir {folder.Path}");
        }
    }

    private static string Inside(string target) => Path.IsPathRooted(target) || target.Split('/').Any(part => part is "" or "." or "..") ? throw new FormatException() : target;

    private static void Discard(PkiFolder folder)
    {
        if (Directory.Exists(folder.Preparing))
        {
            Directory.Delete(folder.Preparing, recursive: true);
        }
    }

    /// <summary>Narrow from the first byte: the mode is given to open(2), and set once more where the umask took too much.</summary>
    private static void WriteNew(string file, string text, UnixFileMode mode)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = mode });
        stream.Write(Encoding.UTF8.GetBytes(text));
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        stream.Flush(flushToDisk: true);
    }

    private string Next() => (++count).ToString(CultureInfo.InvariantCulture);

    private void Plan(string source, string target) => plan.Append(source).Append(' ').Append(Path.GetRelativePath(folder.Path, target)).Append('\n');

    private static void MakeParent(string target)
    {
        var parent = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(parent))
        {
            Directory.CreateDirectory(parent, PkiFolder.DirectoryMode);
        }
    }
}
