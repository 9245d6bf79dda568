using System.Text.Json;
using Gateway.Forwarding;
using Gateway.Objects;
using Gateway.Policy.Files.Values;

namespace Gateway.HostFiles;

/// <summary>The engine's own folders and sockets, by its answer to <c>/info</c>, its arguments and its daemon.json (threats, rule B9).</summary>
internal static class EngineFiles
{
    private const string DefaultConfiguration = "/etc/docker/daemon.json";

    // dockerd's flags that name a path, and the keys of daemon.json that mean the same.
    private static readonly string[] PathFlags = ["--data-root", "--graph", "-g", "--exec-root", "--containerd", "--config-file", "--pidfile", "-p", "--host", "-H", "--tlskey", "--tlscert", "--tlscacert"];
    private static readonly string[] PathKeys = ["data-root", "graph", "exec-root", "containerd", "pidfile", "tlskey", "tlscert", "tlscacert"];

    /// <summary>Absolute paths as the engine sees them, links not followed.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(EngineProcess process, EngineEndpoint endpoint, EngineClient client, CancellationToken cancellationToken)
    {
        var info = await client.GetAsync("/info", cancellationToken) ?? throw new EngineAnswerException("the engine does not say where its data lies");
        var dataRoot = Json.String(info, "DockerRootDir") ?? throw new EngineAnswerException("the engine does not say where its data lies");
        var named = OfArguments(process.Arguments).ToList();
        var configuration = named.Find(option => option.Name == "--config-file").Value ?? DefaultConfiguration;
        var paths = named.Select(option => option.Value).Concat(OfConfiguration(Read(process.Files, configuration))).Select(Unprefixed);
        return [.. paths.Append(dataRoot).Append(endpoint.Path).Append(configuration).Where(HostPath.IsClean).Distinct()];
    }

    /// <summary>Flags with their value, as <c>--flag=VALUE</c> or <c>--flag VALUE</c>.</summary>
    internal static IEnumerable<(string Name, string Value)> OfArguments(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            if (PathFlags.Contains(parts[0]) && (parts.Length == 2 || i + 1 < arguments.Count))
            {
                yield return (parts[0], parts.Length == 2 ? parts[1] : arguments[i + 1]);
            }
        }
    }

    /// <summary>The paths in a daemon.json; none in what cannot be read.</summary>
    internal static IEnumerable<string> OfConfiguration(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement.Clone();
            return PathKeys.Select(key => Json.String(root, key)).OfType<string>().Concat(Json.Strings(root, "hosts"));
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Unprefixed(string value) => value.StartsWith("unix://", StringComparison.Ordinal) ? value[7..] : value;

    private static string Read(FileSystemView files, string path) =>
        HostPath.IsClean(path) && LinuxFile.ReadText(files.Root, path[1..]) is { } text ? text : "";
}
