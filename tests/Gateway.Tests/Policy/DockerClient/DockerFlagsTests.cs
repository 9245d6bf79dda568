using System.Text;
using System.Text.Json;
using Gateway.EngineApi;
using Gateway.EngineApi.Documents;
using Gateway.Policy.DockerClient;
using Xunit;

namespace Gateway.Tests.Policy.DockerClient;

public sealed class DockerFlagsTests
{
    [Fact]
    public void ReadsRunAsTheCreateBodyOfTheClient()
    {
        var requests = Read("run -d --name web -v /etc:/e:ro -v data:/d --privileged --pid=host --cap-add SYS_ADMIN -p 127.0.0.1:8080:80 -p 443:443/tcp -m 2g --cpus 1.5 --network host -e A=b --device /dev/sda:/dev/x:r --mount type=bind,src=/srv,dst=/s,ro --rm -u 1000:1000 nginx:1.29 sh -c 'x'");
        Assert.Equal(["SystemPingHead", "ContainerCreate", "ContainerAttach", "ContainerWait", "ContainerStart"], requests.Select(r => r.Read().Operation?.Name));
        Assert.Equal("web", requests[1].Read().Query.Get("name"));
        var body = EngineBody.Read<ContainerCreateBody>(requests[1].Body.Span);
        var host = body.HostConfig!;
        Assert.Equal("nginx:1.29", body.Image);
        Assert.Equal(["/etc:/e:ro", "data:/d"], host.Binds);
        Assert.True(host.Privileged);
        Assert.Equal(("host", "host", 2L << 30, 1_500_000_000L), (host.PidMode, host.NetworkMode, host.Memory, host.NanoCpus));
        Assert.Equal("/srv", host.Mounts![0].Source);
        Assert.Equal("/dev/sda", host.Devices![0].PathOnHost);
        using var json = JsonDocument.Parse(requests[1].Body);
        Assert.Equal("""{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"443/tcp":[{"HostIp":"","HostPort":"443"}]}""", json.RootElement.GetProperty("HostConfig").GetProperty("PortBindings").GetRawText());
    }

    [Theory]
    [InlineData("exec -u 0 --privileged web sh -c -x", "ContainerInspect ContainerExec")]
    [InlineData("build -t localhost/a/b:c --network host .", "ImageBuild")]
    [InlineData("rm -fv web db", "ContainerDelete ContainerDelete")]
    [InlineData("container rm web", "ContainerDelete")]
    [InlineData("logs -f --tail 5 web", "ContainerInspect ContainerLogs")]
    [InlineData("ps -a", "ContainerList")]
    [InlineData("volume create -o type=nfs data", "VolumeCreate")]
    [InlineData("volume rm data", "VolumeDelete")]
    [InlineData("network create -d macvlan n", "NetworkCreate")]
    [InlineData("network connect n web", "NetworkConnect")]
    public void ReadsTheOtherCommands(string line, string operations)
    {
        var requests = Read(line);
        Assert.Equal("SystemPingHead " + operations, string.Join(' ', requests.Select(r => r.Read().Operation?.Name)));
        Assert.All(requests, request => Assert.Null(request.Read().Refusal));
        Assert.All(requests.Where(r => r.Read().Operation!.Body == BodyKind.Json), request => _ = Gateway.Policy.RequestReferences.Of(request.Read(), request.Body));
    }

    [Theory]
    [InlineData("run --no-such-flag busybox", "--no-such-flag")]
    [InlineData("run -v", "lacks its value")]
    [InlineData("run", "takes an image")]
    [InlineData("exec web", "a container and a command")]
    [InlineData("swarm init", "docker swarm is not read")]
    public void RefusesWhatItCannotRead(string line, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => Read(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void KeepsTheCommandsOwnFlags()
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(Read("run busybox ls -l --privileged")[1].Body.Span));
        Assert.Equal("""["ls","-l","--privileged"]""", json.RootElement.GetProperty("Cmd").GetRawText());
        Assert.False(json.RootElement.GetProperty("HostConfig").GetProperty("Privileged").GetBoolean());
    }

    private static IReadOnlyList<Gateway.Offline.OfflineRequest> Read(string line) => DockerFlags.Read(line.Replace("'", "", StringComparison.Ordinal).Split(' ')).Requests;
}
