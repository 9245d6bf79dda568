namespace CertsTool.Folder;

/// <summary>
/// The right to change the folder: one run at a time has it, the others wait. What a killed run had decided is finished first,
/// what it had not decided is removed. The kernel lets go of it when the process ends, however it ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly int descriptor;

    private FolderLock(int descriptor) => this.descriptor = descriptor;

    /// <exception cref="ToolException">There is no such folder, or somebody else can change it.</exception>
    /// <exception cref="IOException">The lock cannot be taken.</exception>
    public static FolderLock Take(PkiFolder folder, Terminal terminal)
    {
        if (!Directory.Exists(folder.Path))
        {
            throw folder.HasNoAuthority();
        }

        CheckOwner(folder);
        var taken = new FolderLock(Posix.LockFile(folder.LockFile, () => terminal.Note($"waiting for another certs-tool to finish with {folder.Path}")));
        try
        {
            if (FolderChange.Recover(folder))
            {
                terminal.Note("finished the change of a run that was killed");
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock of a folder that may have to be made first.</summary>
    public static FolderLock TakeNew(PkiFolder folder, Terminal terminal)
    {
        if (!Directory.Exists(folder.Path))
        {
            if (Path.GetDirectoryName(folder.Path) is { } parent)
            {
                Directory.CreateDirectory(parent);
            }

            Directory.CreateDirectory(folder.Path, PkiFolder.DirectoryMode);
        }

        return Take(folder, terminal);
    }

    /// <summary>Waits for a run that is changing the folder, and changes nothing itself; where the lock cannot be had, nobody waits.</summary>
    public static FolderLock? TakeToRead(PkiFolder folder, Terminal terminal)
    {
        try
        {
            return File.Exists(folder.LockFile) ? new FolderLock(Posix.LockFile(folder.LockFile, () => terminal.Note($"waiting for another certs-tool to finish with {folder.Path}"))) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Takes from others what they may do with the folder itself, where it is ours.</summary>
    public static void Close(PkiFolder folder)
    {
        if (Posix.Facts(folder.In(".")) is { } facts && facts.Owner == Posix.CurrentUser && (facts.Mode & PkiFolder.OthersMayWrite) != 0)
        {
            File.SetUnixFileMode(folder.Path, PkiFolder.DirectoryMode);
        }
    }

    public void Dispose() => Posix.Unlock(descriptor);

    /// <summary>Whoever else can put files there could plant a CA, and root would write where that person's links point.</summary>
    private static void CheckOwner(PkiFolder folder)
    {
        if (Posix.Facts(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path))) is not { } facts || facts.Kind == PathKind.Link)
        {
            // A link is the choice of whoever owns the folder it stands in: what it leads to is judged.
            facts = Posix.Facts(folder.In(".")) ?? throw folder.HasNoAuthority();
        }

        if (facts.Owner != Posix.CurrentUser)
        {
            throw new ToolException(ToolException.Usage, $"{folder.Path} belongs to uid {facts.Owner}, not to you (uid {Posix.CurrentUser})\nrun certs-tool as that account");
        }

        if ((facts.Mode & PkiFolder.OthersMayWrite) != 0)
        {
            throw new ToolException(ToolException.Damaged, $"{folder.Path}: mode {Convert.ToString((int)facts.Mode, 8)} lets others put files there; nothing was changed\nlook at what is in it, then run: chmod 700 {folder.Path}");
        }
    }
}
