namespace Gateway.Policy.DockerClient;

/// <summary>
/// The requests of a docker command line: by running the installed client against a socket that only records, else by reading
/// the flags. The command reaches no engine either way.
/// </summary>
internal static class DockerLine
{
    // Not those that keep settings of the client, or that could speak to something else than DOCKER_HOST.
    private static readonly string[] Commands =
    [
        "run", "create", "exec", "start", "stop", "restart", "kill", "rm", "ps", "logs", "top", "stats", "inspect", "pause", "unpause", "wait", "rename",
        "update", "port", "diff", "attach", "cp", "commit", "build", "images", "pull", "push", "tag", "rmi", "history", "search", "save", "load", "import",
        "export", "volume", "network", "image", "container", "system", "info", "version", "events", "compose", "plugin", "swarm", "service", "stack", "node",
        "secret", "config",
    ];

    private static readonly string[] Elsewhere = ["login", "logout", "context", "buildx", "builder", "scout", "trust", "manifest", "init", "debug", "desktop", "model", "mcp", "ai", "sbom"];

    /// <param name="arguments">What follows the word docker.</param>
    /// <exception cref="FormatException">The command is none that can be asked about, or sends nothing.</exception>
    public static async Task<DockerRequests> RequestsAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (arguments.Count == 0)
        {
            throw new FormatException("write the docker command, as in: -- docker run busybox");
        }

        if (arguments[0].StartsWith('-'))
        {
            // "-H" or "--context" would send the command to a real engine.
            throw new FormatException($"write the command right after docker: \"{arguments[0]}\" says where to send it, and this only asks");
        }

        if (Elsewhere.Contains(arguments[0]))
        {
            throw new FormatException($"docker {arguments[0]} speaks to others than the engine of DOCKER_HOST, so it is not run; ask about an operation instead, as in: can-i --user USER SystemAuth");
        }

        if (!Commands.Contains(arguments[0]))
        {
            throw new FormatException($"docker has no command \"{Files.Quoted.Plain(arguments[0])}\" that could be asked about{Files.Values.Spelling.Hint(arguments[0], Commands)}");
        }

        return Installed() is { } client
            ? await RecordedClient.RunAsync(client, arguments, cancellationToken)
            : DockerFlags.Read(arguments);
    }

    private static string? Installed() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder.StartsWith('/')).Select(folder => Path.Combine(folder, "docker")).FirstOrDefault(File.Exists);
}
