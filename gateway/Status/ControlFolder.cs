using Gateway.Listeners;

namespace Gateway.Status;

/// <summary>The folder of the control sockets, one for each running gateway: nobody but its owner gets in.</summary>
internal static class ControlFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Null where the account has no place for run-time files.</summary>
    public static string? Path => Environment.IsPrivilegedProcess ? "/run/docker-gateway/control"
        : Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? System.IO.Path.Combine(runtime, "docker-gateway/control")
        : null;

    /// <summary>The sockets of running gateways.</summary>
    public static IReadOnlyList<string> Sockets => Path is { } folder && Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.sock").Order(StringComparer.Ordinal)] : [];

    /// <summary>Makes the folder, and takes away what gateways that were killed have left in it.</summary>
    /// <exception cref="IOException">Others can get into the folder.</exception>
    public static string Prepare(string folder)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder)!);
        Directory.CreateDirectory(folder, OwnerOnly);
        if (new DirectoryInfo(folder).LinkTarget is not null || (File.GetUnixFileMode(folder) & ~OwnerOnly) != 0)
        {
            throw new IOException($"others can get into {folder}; chmod 0700 {folder}");
        }

        foreach (var socket in Directory.EnumerateFiles(folder, "*.sock").Where(UnixSocket.IsDead))
        {
            File.Delete(socket);
        }

        return folder;
    }
}
