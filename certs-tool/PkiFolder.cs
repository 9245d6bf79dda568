using System.Text.RegularExpressions;

namespace CertsTool;

/// <summary>A message for the person, with the exit code that product.md gives its kind.</summary>
internal sealed class ToolException(int exitCode, string message) : Exception(message)
{
    public const int Found = 1;
    public const int Usage = 2;
    public const int Damaged = 3;

    public int ExitCode => exitCode;
}

/// <summary>The folder of the CA: where each file lies, with which mode, written atomically and never over a key.</summary>
internal sealed partial class PkiFolder(string path)
{
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode KeyMode = UnixFileMode.UserRead;
    public const UnixFileMode CertificateMode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path => path;

    public string Authority => In("ca.pem");

    public string AuthorityKey => In("ca-key.pem");

    public string RevocationList => In("crl.pem");

    public string Inventory => In("inventory.json");

    public static string Default => Environment.UserName == "root"
        ? "/etc/docker-gateway/pki"
        : System.IO.Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share"),
            "docker-gateway/pki");

    public string In(params string[] parts) => System.IO.Path.Combine([path, .. parts]);

    public string Bundle(string kind, string name) => kind == "server" ? In("server") : In("clients", name);

    /// <summary>1 to 64 of <c>a-z A-Z 0-9 . _ -</c>, not starting with a dot or a dash.</summary>
    /// <exception cref="ToolException">The text is no such name.</exception>
    public static string CheckName(string name) => Name().IsMatch(name)
        ? name
        : throw new ToolException(ToolException.Usage, $"\"{name}\" is not a name: use 1 to 64 of a-z A-Z 0-9 . _ -, not starting with \".\" or \"-\"");

    /// <summary>Waits for other runs of this tool on the same folder to end.</summary>
    public FileStream Lock()
    {
        MakeDirectory(path);
        for (var i = 0; ; i++)
        {
            try
            {
                return new FileStream(In(".lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            }
            catch (IOException) when (i < 100)
            {
                Thread.Sleep(100);
            }
        }
    }

    public static void MakeDirectory(string directory)
    {
        if (!Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory, DirectoryMode);
        }
    }

    /// <summary>Writes beside the file and renames: a reader sees the old or the new text, never half of one.</summary>
    /// <param name="replace">False for keys and certificates, which are never overwritten.</param>
    public static void Write(string file, string text, UnixFileMode mode, bool replace)
    {
        if (!replace && File.Exists(file))
        {
            throw new ToolException(ToolException.Usage, $"{file} exists; nothing is overwritten");
        }

        MakeDirectory(System.IO.Path.GetDirectoryName(file)!);
        var temporary = $"{file}.{Environment.ProcessId}.new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(temporary, mode);
        File.Move(temporary, file, replace);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
