using Gateway.EndToEnd.Support;
using Xunit;

namespace Gateway.EndToEnd;

[Collection(DebianEngine.Name)]
public sealed class ComposeOnDebianEngine(DebianHost host) : ComposeTests(host);

[Collection(ModernEngine.Name)]
public sealed class ComposeOnModernEngine(ModernHost host) : ComposeTests(host);

/// <summary>docker compose as a developer: a project with a volume, a network, a published port and a dependency on health.</summary>
public abstract class ComposeTests(GatewayHost host) : IAsyncLifetime
{
    private const string Project = """
        services:
          web:
            image: busybox
            command: sh -c 'mkdir -p /www && echo served > /www/index.html && httpd -f -p 80 -h /www'
            volumes: ["data:/data"]
            ports: ["127.0.0.1:24880:80"]
            healthcheck: {test: [CMD, wget, -qO-, "http://127.0.0.1/"], interval: 1s}
          probe:
            image: busybox
            command: wget -qO- http://web/
            depends_on: {web: {condition: service_healthy}}
        volumes: {data: {}}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("gateway-compose-").FullName;

    public async ValueTask InitializeAsync()
    {
        // On the tests' current engine, which runs in a changed root, an exec, and so a health check, sees the machine's files.
        var project = host.Kind == "modern"
            ? Project.Replace("24880", "24881", StringComparison.Ordinal).Replace("[CMD, wget, -qO-, \"http://127.0.0.1/\"]", "[CMD, /bin/sh, -c, \"exit 0\"]", StringComparison.Ordinal)
            : Project;
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), project);
    }

    public async ValueTask DisposeAsync()
    {
        await Compose("alice", "down -v -t 0");
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunsAProjectFromUpToDown()
    {
        var up = await Compose("alice", "up -d");
        Assert.True(up.ExitCode == 0, up.Whole);

        Assert.Contains("web", (await Compose("alice", "ps --services")).Output, StringComparison.Ordinal);
        await Compose("alice", "wait probe");
        Assert.Contains("served", (await Compose("alice", "logs probe")).Output, StringComparison.Ordinal);
        Assert.Equal("in web\n", (await Compose("alice", "exec -T web echo in web")).Output);
        Assert.Equal("served\n", (await Compose("alice", "cp web:/www/index.html index.html && cat index.html")).Output);
        Assert.Equal("alice", await host.Engine("volume", "inspect", "-f", "{{index .Labels \"gateway.owner\"}}", "gatewaytest_data"));
        Assert.Equal("alice", await host.Engine("network", "inspect", "-f", "{{index .Labels \"gateway.owner\"}}", "gatewaytest_default"));
        Assert.Equal("", (await Compose("bob", "ps -aq")).Output);

        var down = await Compose("alice", "down -v -t 0");
        Assert.True(down.ExitCode == 0, down.Whole);
        Assert.Equal("", await host.Engine("ps -aq --filter label=com.docker.compose.project=gatewaytest"));
        Assert.Equal("", await host.Engine("volume ls -q --filter name=gatewaytest_data"));
    }

    private Task<RunResult> Compose(string user, string line) => host.Shell(user, $"cd {folder} && docker compose -p gatewaytest {line}");
}
