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

    // What a file of some age asks for, in its networks, limits, files and ways to start; the last service looks at what became of it.
    private const string ManyKeys = """
        services:
          db:
            image: busybox
            command: sleep 600
            healthcheck: {test: [CMD, /bin/sh, -c, "exit 0"], interval: 1s, timeout: 2s, retries: 3, start_period: 1s}
            networks: {back: {aliases: [database]}}
            volumes: ["data:/data", "/anon"]
            tmpfs: [/t]
            user: "1000:1000"
            ulimits: {nofile: {soft: 1000, hard: 2000}}
            restart: unless-stopped
            logging: {driver: json-file, options: {max-size: 1m}}
          worker:
            image: busybox
            command: sleep 600
            scale: 2
            profiles: [extra]
            mem_limit: 32m
            networks: [back]
          look:
            image: busybox
            command: sh -c 'ping -c1 -W2 database >/dev/null && ping -c1 -W2 linked >/dev/null && cat /conf /run/secrets/word && echo $$FROM_FILE $$(hostname) $$(ulimit -n) && grep CapEff /proc/self/status'
            depends_on: {db: {condition: service_healthy}}
            networks: [back, front]
            links: ["db:linked"]
            env_file: [look.env]
            configs: [{source: conf, target: /conf}]
            secrets: [word]
            deploy: {resources: {limits: {cpus: "0.5", memory: 64M, pids: 50}}}
            ulimits: {nofile: 500}
            extra_hosts: ["h:1.2.3.4"]
            dns: [9.9.9.9]
            cap_drop: [ALL]
            cap_add: [DAC_OVERRIDE, NET_RAW]
            security_opt: ["no-new-privileges:true"]
            init: true
            hostname: lookout
            labels: {a: b}
            shm_size: 16m
            stop_grace_period: 1s
        configs: {conf: {content: "of the file\n"}}
        secrets: {word: {environment: WORD}}
        volumes: {data: {labels: {x: y}}}
        networks: {back: {internal: true}, front: {attachable: true, driver_opts: {com.docker.network.driver.mtu: "1400"}}}
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("gateway-compose-").FullName;

    public async ValueTask InitializeAsync()
    {
        // On the tests' current engine, which runs in a changed root, an exec, and so a health check, sees the machine's files.
        var project = host.Kind == "modern"
            ? Project.Replace("24880", "24881", StringComparison.Ordinal).Replace("[CMD, wget, -qO-, \"http://127.0.0.1/\"]", "[CMD, /bin/sh, -c, \"exit 0\"]", StringComparison.Ordinal)
            : Project;
        await File.WriteAllTextAsync(Path.Combine(folder, "compose.yaml"), project);
        await File.WriteAllTextAsync(Path.Combine(folder, "many.yaml"), ManyKeys);
        await File.WriteAllTextAsync(Path.Combine(folder, "look.env"), "FROM_FILE=yes\n");
    }

    public async ValueTask DisposeAsync()
    {
        await Compose("alice", "down -v -t 0");
        await Compose("alice", $"{Many} --profile extra down -v -t 0");
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

    [Fact]
    public async Task GivesAProjectOfManyKeysWhatItAsksFor()
    {
        var up = await Compose("alice", $"{Many} --profile extra up -d");
        Assert.True(up.ExitCode == 0, up.Whole);

        await Compose("alice", $"{Many} wait look");
        var look = await Compose("alice", $"{Many} logs --no-log-prefix look");
        Assert.True(look.Output.StartsWith("of the file\ntoldyes lookout 500\nCapEff:\t0000000000002002\n", StringComparison.Ordinal), look.Whole);
        Assert.Equal("3\n", (await Compose("alice", $"{Many} ps -q db worker | wc -l")).Output);
    }

    private const string Many = "-p gatewaymany -f many.yaml";

    private Task<RunResult> Compose(string user, string line) => host.Shell(user, $"cd {folder} && WORD=told docker compose -p gatewaytest {line}");
}
