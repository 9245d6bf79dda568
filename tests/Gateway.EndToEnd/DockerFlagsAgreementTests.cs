using System.Text.Json.Nodes;
using Gateway.EngineApi;
using Gateway.Offline;
using Gateway.Policy.DockerClient;
using Xunit;

namespace Gateway.EndToEnd;

/// <summary>What the gateway reads out of a docker command line by itself is what the real client sends, as far as decisions look at it.</summary>
public sealed class DockerFlagsAgreementTests
{
    // How the client follows what it started, and settings of its own terminal.
    private static readonly string[] Unread = ["AttachStdin", "AttachStdout", "AttachStderr", "StdinOnce", "ConsoleSize", "Detach", "DetachKeys", "CheckDuplicate", "EnableIPv4", "Scope", "MemorySwappiness"];

    public static TheoryData<string> Lines =>
    [
        "run busybox", "run -d busybox", "run --rm -i busybox cat", "run --name web nginx:1.29", "run -v /etc:/e:ro busybox", "run -v data:/d busybox", "run -v /anonymous busybox",
        "run --mount type=bind,src=/srv,dst=/s,ro busybox", "run --mount type=volume,src=data,dst=/s busybox", "run --mount type=tmpfs,dst=/s busybox", "run --mount type=bind,src=/srv,dst=/s,bind-propagation=rshared busybox",
        "run -p 80 busybox", "run -p 8080:80 busybox", "run -p 127.0.0.1:8080:80/udp busybox", "run -p 127.0.0.1::80 busybox", "run -p 8000-8002:80-82 busybox", "run -P busybox", "run --expose 81 busybox",
        "run --privileged busybox", "run --pid host busybox", "run --pid container:web busybox", "run --ipc host busybox", "run --uts host busybox", "run --userns host busybox", "run --cgroupns host busybox",
        "run --network host busybox", "run --network none busybox", "run --network mine busybox", "run --network mine --network-alias db busybox", "run --net container:web busybox",
        "run --cap-add SYS_ADMIN --cap-drop ALL busybox", "run --security-opt seccomp=unconfined busybox", "run --security-opt label:disable busybox", "run --security-opt no-new-privileges busybox",
        "run --security-opt systempaths=unconfined busybox", "run --device /dev/fuse busybox", "run --device /dev/sda:/dev/x:r busybox", "run --device nvidia.com/gpu=all busybox", "run --gpus all busybox", "run --gpus 2 busybox",
        "run --runtime runsc busybox", "run --sysctl net.core.somaxconn=1024 busybox", "run --tmpfs /t:size=1m busybox", "run --volumes-from web:ro busybox", "run --restart on-failure:3 busybox",
        "run -m 1g --memory-swap -1 --memory-reservation 512m busybox", "run --cpus 1.5 --cpu-shares 512 --cpuset-cpus 0 busybox", "run --pids-limit 100 --shm-size 128m busybox", "run --cgroup-parent /x busybox",
        "run --log-driver syslog --log-opt syslog-address=udp://1.2.3.4:5 busybox", "run --ulimit nofile=1024:2048 busybox", "run --add-host a:1.2.3.4 --dns 1.1.1.1 busybox", "run --group-add 999 -u 1000:1000 busybox",
        "run --link web:db busybox", "run --oom-score-adj -500 busybox", "run --read-only --init busybox", "run -e A=b -l traefik.enable=true -w /w -h name busybox sh -c true", "run --entrypoint /bin/sh busybox -c true",
        "run --stop-signal SIGKILL busybox", "run --annotation a=b busybox", "create --name x busybox",
        "exec web id", "exec -u 0 --privileged -e A=b -w / web sh -c id", "exec -d web id", "build -t localhost/a/b:c .", "build --network host --build-arg A=b --label x=y .", "build -m 512m --cgroup-parent /x .",
        "rm web", "rm -f -v web db", "rm -l db", "container rm web", "logs web", "logs -f --tail 5 -t web", "ps", "ps -a", "ps -a --filter label=a=b", "container ls",
        "volume create data", "volume create -d nfs -o type=nfs --label a=b data", "volume ls", "volume inspect data", "volume rm -f data", "volume prune -f",
        "network create net", "network create -d macvlan --subnet 10.9.0.0/16 --gateway 10.9.0.1 -o parent=eth0 net", "network create --internal --attachable --label a=b net", "network ls", "network inspect net", "network rm net", "network prune -f",
        "network connect --alias db net web", "network connect --ip 10.9.0.5 net web", "network disconnect -f net web",
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task ReadsWhatTheClientSends(string line)
    {
        var folder = Directory.CreateTempSubdirectory("gateway-flags-");
        try
        {
            // The context of a build is named by its folder, so that no test changes where the others stand.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Dockerfile"), "FROM busybox\n", TestContext.Current.CancellationToken);
            string[] words = [.. line.Split(' ').Select(word => word == "." ? folder.FullName : word)];
            var sent = await DockerLine.RequestsAsync(words, TestContext.Current.CancellationToken);
            var read = DockerFlags.Read(words);

            Assert.Equal(string.Join("\n", Shown(sent)), string.Join("\n", Shown(read)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Shown(DockerRequests requests) => requests.Requests
        .Select(asked => (Asked: asked, Read: asked.Read()))
        .Where(request => request.Read.Operation?.Name is not ("SystemPing" or "SystemPingHead" or "ContainerAttach" or "ContainerWait" or "ContainerStart" or "ExecStart" or "ExecInspect" or "SystemInfo"))
        .Select(request => $"{request.Read.Operation} {request.Read.Name} {Query(request.Read)} {Body(request.Asked)}")

        // The client removes several at a time.
        .Order(StringComparer.Ordinal);

    private static string Query(EngineRequest request) => string.Join('&', request.Operation!.QueryNames.Where(request.Query.Has).Except(["rm", "dockerfile", "stdout", "stderr"]).Order(StringComparer.Ordinal).SelectMany(name => request.Query.GetAll(name).Select(value => $"{name}={value}")));

    private static string Body(OfflineRequest asked) => asked.Read().Operation!.Body == BodyKind.Json && asked.Body.Length > 0 && JsonNode.Parse(asked.Body.Span) is JsonObject body ? Pruned(body)?.ToJsonString() ?? "" : "";

    /// <summary>Without what says nothing, in the order of the names.</summary>
    private static JsonNode? Pruned(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var kept = new JsonObject();
                foreach (var (name, value) in map.Where(entry => !Unread.Contains(entry.Key)).OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    // An empty object is a value where its name is one: a port, a path.
                    if (Pruned(value) is not null || (value is JsonArray && name is "MaskedPaths" or "ReadonlyPaths") || (value is JsonObject { Count: 0 } && name.StartsWith('/')) || (name.Contains('/', StringComparison.Ordinal) && value is JsonObject))
                    {
                        kept[name] = Pruned(value) ?? value!.DeepClone();
                    }
                }

                return kept.Count == 0 || kept.ToJsonString() is """{"Name":"no"}""" ? null : kept;
            case JsonArray list:
                return list.Count == 0 ? null : new JsonArray([.. list.Select(item => Pruned(item) ?? item?.DeepClone())]);
            default:
                return node is null || node.ToJsonString() is "null" or "false" or "0" or "\"\"" or "\"default\"" ? null : node.DeepClone();
        }
    }
}
