using System.Diagnostics;

namespace Gateway.Policy.DockerClient;

/// <summary>Runs the real docker client with nothing to speak to but a <see cref="RecordingEngine"/> in a private folder.</summary>
internal static class RecordedClient
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string[] Terminal = ["-it", "-ti", "-t", "--tty", "--tty=true"];

    /// <exception cref="FormatException">The client sent nothing; its own words are in the message.</exception>
    public static async Task<DockerRequests> RunAsync(string client, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-can-i-");
        try
        {
            Plugins(folder.FullName);
            var first = await RunAsync(client, arguments, folder.FullName, cancellationToken);
            if (!first.Error.Contains("not a TTY", StringComparison.Ordinal))
            {
                return Said(first);
            }

            // Without a terminal the client stops by itself; that a terminal is wanted changes no decision.
            var without = arguments.Select(word => Terminal.Contains(word) ? word is "-it" or "-ti" ? "-i" : "--tty=false" : word).ToList();
            var second = await RunAsync(client, without, folder.FullName, cancellationToken);
            return Said(second) with { Note = "asked without a terminal (-t)" };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Plugins of the caller's own (compose) are part of the client; its contexts, credentials and settings are not.</summary>
    private static void Plugins(string folder)
    {
        var settings = Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } given ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        if (Path.GetFullPath(Path.Combine(settings, "cli-plugins")) is var own && Directory.Exists(own))
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "cli-plugins"), own);
        }
    }

    /// <summary>A client that fails having only greeted the engine was asked for something that cannot be.</summary>
    private static DockerRequests Said((DockerRequests Requests, string Error) run)
    {
        var greeted = run.Requests.Requests.All(request => request.Read().Operation?.Name is "SystemPing" or "SystemPingHead");
        return greeted && !run.Requests.Complete ? throw new FormatException($"docker sends nothing: {OneLine(run.Error)}") : run.Requests;
    }

    private static async Task<(DockerRequests Requests, string Error)> RunAsync(string client, IReadOnlyList<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var socket = Path.Combine(folder, "docker.sock");
        await using var engine = await RecordingEngine.StartAsync(socket, cancellationToken);
        var start = new ProcessStartInfo(client, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("DOCKER_", StringComparison.Ordinal) && name != "DOCKER_API_VERSION").ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOCKER_HOST"] = "unix://" + socket;
        start.Environment["DOCKER_CONFIG"] = folder;
        start.Environment["DOCKER_BUILDKIT"] = "0";
        start.Environment["DOCKER_CLI_HINTS"] = "false";
        using var process = Process.Start(start) ?? throw new FormatException($"{client} cannot be run");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        string? note = null;
        try
        {
            await process.WaitForExitAsync(limit.Token);
            await output;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A command that follows something never ends by itself; what it sent was recorded.
            process.Kill(entireProcessTree: true);
            note = $"docker was stopped after {Limit.TotalSeconds} s";
        }

        var said = note is null ? await error : "";
        var failed = note is not null || process.ExitCode != 0;
        note ??= failed ? $"docker ended with {process.ExitCode}: {OneLine(said)}" : null;
        return (new DockerRequests(engine.Requests, engine.Created, note, !failed), said);
    }

    private static string OneLine(string text) => string.Join("; ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3));
}
